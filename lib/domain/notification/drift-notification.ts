import { driftOf } from "../observation/traffic.ts";
import { say } from "../sentence/sentence.ts";
import { englishOf, type Told } from "../sentence/told.ts";
import type { ApplicationSnapshot } from "../snapshot/snapshot.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { utcMinute } from "../text/utc-minute.ts";
import { toldOf } from "../verb/blocker.ts";
import type { Notification } from "./notification.ts";
import { told } from "./notification-text.ts";

/** An older reading may come in just after a write; a look this much later is sure. */
const SETTLE_MS = 5_000;

/** How the listener is other than Switchyard left it, in words that stay the same while it does; null when it is as left. */
export function findDrift(snapshot: ApplicationSnapshot): Told | null {
  const { traffic, deployment, lastDeployment: last } = snapshot;
  if (snapshot.sources.some((source) => source.name === "elb" && source.state !== "ok")) return null;
  const drift = driftOf(traffic);
  if (drift) return drift;
  if (traffic.live === "unknown") return say("notice.drift.noWeight", { name: traffic.name });
  const foreign = snapshot.drifts?.find((drift) => drift.blocks);
  if (foreign) return toldOf(foreign);
  if (deployment) return null;
  if (traffic.live === "split") return say("notice.drift.split", { ...traffic.weights });
  const isSure = last?.status === "SUCCESSFUL" && traffic.readAt > (last.finishedAt ?? 0) + SETTLE_MS;
  if (isSure && traffic.live !== last.to) return say("notice.drift.moved", { live: traffic.live, to: last.to });
  return null;
}

/** What people are told of a drift that has held since `since`. */
export function driftNotification(snapshot: ApplicationSnapshot, drift: Told, since: number): Notification {
  const { name, traffic } = snapshot;
  return {
    id: [name, "traffic.drifted", fingerprint(englishOf(drift)), since].join(":"),
    application: name,
    deploymentId: null,
    kind: "traffic.drifted",
    ...told(say("notice.drift.title", { application: name, name: traffic.name }), [
      drift,
      say("notice.drift.since", { since: utcMinute(since), ...traffic.weights }),
    ]),
    deepLinkPath: `/${encodeURIComponent(name)}`,
    at: since,
  };
}
