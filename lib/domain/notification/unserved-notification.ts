import { SLOT_COLORS } from "../observation/slot.ts";
import { findUnserved } from "../rules/unserved.ts";
import { findUnservedWays } from "../rules/way-rules.ts";
import { inEnglish } from "../sentence/in-language.ts";
import type { ApplicationSnapshot } from "../snapshot/snapshot.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { oneLine } from "../text/one-line.ts";
import { utcMinute } from "../text/utc-minute.ts";
import type { Notification } from "./notification.ts";

/** That requests are answered 503 because a side with weight has no target, in words that stay the same while it does. */
export function findOutage(snapshot: ApplicationSnapshot): string | null {
  const { waysIn = [] } = snapshot;
  const live = SLOT_COLORS.map((color) => findUnserved(snapshot, color));
  const others = SLOT_COLORS.map((color) => findUnservedWays({ ...snapshot, ways: waysIn }, color));
  const said = [...live, ...others].find((each) => each !== null);
  return said ? inEnglish(said) : null;
}

/** What people are told of a live side without a target since `since`. */
export function unservedNotification(
  { name, slots, traffic }: ApplicationSnapshot,
  outage: string,
  since: number,
): Notification {
  const tasks = SLOT_COLORS.filter((color) => traffic.weights[color] > 0)
    .map((color) => `${color} is asked to run ${slots[color].counts.desired} tasks, ${slots[color].counts.running} run`)
    .join("; ");
  return {
    id: [name, "traffic.unserved", fingerprint(outage), since].join(":"),
    application: name,
    deploymentId: null,
    kind: "traffic.unserved",
    title: oneLine(`${name}: ${outage}`, 200),
    text: `${oneLine(outage)}.\nSeen since ${utcMinute(since)}; ${tasks}.`,
    deepLinkPath: `/${encodeURIComponent(name)}`,
    at: since,
  };
}
