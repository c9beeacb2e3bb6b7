import type { ApplicationSnapshot } from "../snapshot/snapshot.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { oneLine } from "../text/one-line.ts";
import { utcMinute } from "../text/utc-minute.ts";
import type { Notification } from "./notification.ts";

/** An older reading may come in just after a write; a look this much later is sure. */
const SETTLE_MS = 5_000;

/** How the listener is other than Switchyard left it, in words that stay the same while it does; null when it is as left. */
export function findDrift(snapshot: ApplicationSnapshot): string | null {
  const { traffic, deployment, lastDeployment: last } = snapshot;
  if (snapshot.sources.some((source) => source.name === "elb" && source.state !== "ok")) return null;
  if (traffic.drift) return traffic.drift;
  if (traffic.live === "unknown") return `Neither side has weight on ${traffic.name}`;
  const foreign = snapshot.drifts?.find((drift) => drift.blocks);
  if (foreign) return foreign.message;
  if (deployment) return null;
  if (traffic.live === "split")
    return `Traffic is split (blue ${traffic.weights.blue}, green ${traffic.weights.green}) and no deployment is in flight`;
  const isSure = last?.status === "SUCCESSFUL" && traffic.readAt > (last.finishedAt ?? 0) + SETTLE_MS;
  if (isSure && traffic.live !== last.to)
    return `${traffic.live} is live, though the last deployment made ${last.to} live: somebody else changed the weights`;
  return null;
}

/** What people are told of a drift that has held since `since`. */
export function driftNotification(snapshot: ApplicationSnapshot, drift: string, since: number): Notification {
  const { name, traffic } = snapshot;
  return {
    id: [name, "traffic.drifted", fingerprint(drift), since].join(":"),
    application: name,
    deploymentId: null,
    kind: "traffic.drifted",
    title: oneLine(`${name}: ${traffic.name} is not as Switchyard left it`, 200),
    text: `${oneLine(drift)}.\nSeen since ${utcMinute(since)}; weights are blue ${traffic.weights.blue}, green ${traffic.weights.green}.`,
    deepLinkPath: `/${encodeURIComponent(name)}`,
    at: since,
  };
}
