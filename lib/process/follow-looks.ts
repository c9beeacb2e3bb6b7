import { randomUUID } from "node:crypto";
import { asQuestion } from "../aws/question.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { createForeignDeployments } from "../engine/foreign-deployments.ts";
import { createDriftWatch } from "../observe/drift-watch.ts";
import type { WiredRuntime } from "./wiring.ts";

/** What every look at AWS is followed by, whether or not anybody watches. */
export function followLooks(
  wired: WiredRuntime,
  failed: (what: string) => (error: unknown) => void,
  isDriftWatched: boolean,
): void {
  const { observer, store, hub, notifier, callers, now } = wired;
  const drift = createDriftWatch({
    store,
    now,
    newId: randomUUID,
    onChange: (application) => hub.recordChanged(application),
    ledgerSeen: callers.ledgerSeen,
    onError: failed("Keeping what AWS holds"),
  });
  if (isDriftWatched) observer.subscribe("*", drift.observed, { isPassive: true });
  const foreign = createForeignDeployments({
    store,
    findApplication: observer.findApplication,
    recordSeen: callers.recordSeen,
    submit(deployment) {
      hub.deploymentChanged(deployment);
      wired.engine.submit(deployment);
    },
    onError: failed("Taking up a deployment that somebody else started"),
  });
  observer.subscribe("*", foreign.observed, { isPassive: true });
  const tellDrift = ({ application }: Observation) =>
    hub.lastSnapshot(application).then((snapshot) => snapshot && notifier.snapshotChanged(snapshot));
  // Where they count, the sides' errors are compared while a deployment is in flight: once in half a minute, whatever comes in.
  const compareErrors = async (look: Observation) => {
    const application = observer.findApplication(look.application);
    if (!application?.checks.errorKinds) return;
    const deployment = (await hub.lastSnapshot(application.name))?.deployment;
    if (deployment) await asQuestion(() => wired.errors.compare(application, look, deployment));
  };
  // What AWS says no to is part of the look.
  observer.subscribe("*", (look) => void compareErrors(look).catch(() => undefined), { isPassive: true });
  observer.subscribe("*", (look) => void tellDrift(look).catch(failed("A look for drift")), { isPassive: true });
}
