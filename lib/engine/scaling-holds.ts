import { randomUUID } from "node:crypto";
import type { KeyedMutex } from "../async/mutex.ts";
import { resourceIdOf, type Scaling } from "../aws/scaling.ts";
import { guardWrites } from "../aws/write-guard.ts";
import type { Application } from "../domain/application/application.ts";
import { ownAuditRow } from "../domain/audit/own-audit-row.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { type ScalingHold, sidesToHold } from "../domain/rules/scaling-hold-rules.ts";
import { say } from "../domain/sentence/sentence.ts";
import { ruleFacts } from "../domain/snapshot/compose-snapshot.ts";
import { readApplicationRecord } from "../store/application-record.ts";
import type { DeploymentRecord } from "./deployment-record.ts";
import type { EngineDeps } from "./engine-deps.ts";

/** Keeps auto scaling from taking tasks of sides without traffic while they are needed, and gives everything back. */
export interface ScalingHolds {
  /** Gives back whatever is held and need not be, then suspends what is to be held now. While one goes on, another does nothing. */
  sweep(): Promise<void>;
}

/** One for each engine; only who holds the application's lease writes. */
export function createScalingHolds(
  deps: EngineDeps & { scaling: Pick<Scaling, "describeTargets" | "suspendScaleIn"> },
  tools: { record: DeploymentRecord; mutex: KeyedMutex; release: (application: string) => Promise<void> },
): ScalingHolds {
  const { store, scaling, observer, now } = deps;
  const { record, mutex } = tools;

  async function wanted(application: Application, look: Observation): Promise<readonly SlotColor[]> {
    const known = await readApplicationRecord(store, application.name, now());
    return sidesToHold(application, ruleFacts(application, look, known, now()));
  }

  /** In turn with what else is written to the application, and only under its lease. What fails is tried again with the next sweep. */
  async function attempt({ application, resourceId }: ScalingHold, work: () => Promise<void>): Promise<void> {
    try {
      await mutex.take(application, async () => {
        if (await record.hold(application)) await guardWrites(record.guard(application), work);
      });
      await tools.release(application);
    } catch (error) {
      deps.log?.("warn", "Auto scaling could not be suspended or given back; it is tried again", { resourceId, error });
    }
  }

  async function isSuspended(resourceId: string): Promise<boolean | null> {
    const target = (await scaling.describeTargets([resourceId], "write")).get(resourceId);
    return target ? target.isScaleInSuspended : null;
  }

  function tell(hold: ScalingHold, action: "scaling.suspended" | "scaling.resumed", requestId: string | null) {
    const values = { side: hold.side, resource: hold.resourceId };
    const row = ownAuditRow({
      id: randomUUID(),
      at: now(),
      action,
      application: hold.application,
      deploymentId: hold.deploymentId,
      told:
        action === "scaling.suspended"
          ? say("auditRow.scaleInSuspended", values)
          : say("auditRow.scaleInResumed", values),
    });
    return store.appendAudit(requestId === null ? row : { ...row, awsRequestIds: [requestId] });
  }

  /** `isKnown`: it was asked of AWS before, and what came of that is not known. */
  async function suspend(hold: ScalingHold, isKnown: boolean): Promise<void> {
    const before = await isSuspended(hold.resourceId);
    // What somebody else suspended is theirs, and stays so.
    if (before === null || (before && !isKnown)) return;
    if (!isKnown) await store.saveScalingHold(hold);
    const requestId = before ? null : await scaling.suspendScaleIn(hold.resourceId, true);
    await store.saveScalingHold({ ...hold, heldAt: now() });
    await tell(hold, "scaling.suspended", requestId);
  }

  async function resume(hold: ScalingHold): Promise<void> {
    // Somebody who has resumed it, or taken the scalable target away, has done what is left to do here.
    const requestId = (await isSuspended(hold.resourceId))
      ? await scaling.suspendScaleIn(hold.resourceId, false)
      : null;
    await tell(hold, "scaling.resumed", requestId);
    await store.deleteScalingHold(hold.resourceId);
  }

  /** Does nothing for an application that does not ask for it. */
  async function hold(application: Application, look: Observation): Promise<void> {
    if (application.suspendScaleIn !== true) return;
    const sides = await wanted(application, look);
    const held = await store.listScalingHolds();
    for (const side of sides) {
      const service = application.slots[side].service;
      if (service === null || !look.slots[side].scaling) continue;
      const resourceId = resourceIdOf(application.cluster, service);
      const known = held.find((hold) => hold.resourceId === resourceId);
      // One that AWS has taken and that is not suspended any more was resumed by somebody: it is not fought over.
      if (known?.heldAt != null) continue;
      const deploymentId = (await store.findDeploymentInFlight(application.name))?.id ?? null;
      const hold = { application: application.name, side, resourceId, deploymentId, askedAt: now(), heldAt: null };
      await attempt(hold, () => suspend(known ?? hold, known !== undefined));
    }
  }

  /** Also of applications that are not configured any more. */
  async function giveBack(): Promise<void> {
    for (const hold of await store.listScalingHolds()) {
      const application = observer.findApplication(hold.application);
      const look = observer.observation(hold.application);
      const isUnresolved = observer.unresolved?.().some(({ name }) => name === hold.application) ?? false;
      // One that was not looked at yet may be in the middle of anything.
      if (isUnresolved || (application && !look)) continue;
      const sides = application && look ? await wanted(application, look) : [];
      const own = application?.slots[hold.side].service;
      const isOwn = application && own != null && resourceIdOf(application.cluster, own) === hold.resourceId;
      if (isOwn && sides.includes(hold.side)) continue;
      await attempt(hold, () => resume(hold));
    }
  }

  let isSweeping = false;
  return {
    async sweep() {
      if (isSweeping) return;
      isSweeping = true;
      try {
        await giveBack();
        for (const application of observer.applications()) {
          const look = observer.observation(application.name);
          if (look) await hold(application, look);
        }
      } finally {
        isSweeping = false;
      }
    },
  };
}
