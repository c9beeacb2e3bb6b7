import { SLOT_COLORS } from "../observation/slot.ts";
import { findNowhere, findUnserved } from "../rules/unserved.ts";
import { findUnservedWays } from "../rules/way-rules.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { englishOf, type Told } from "../sentence/told.ts";
import type { ApplicationSnapshot } from "../snapshot/snapshot.ts";
import { fingerprint } from "../text/fingerprint.ts";
import { utcMinute } from "../text/utc-minute.ts";
import type { Notification } from "./notification.ts";
import { told } from "./notification-text.ts";

/** That requests fail because a side with weight has no target, or none has weight, in words that stay the same while it does. */
export function findOutage(
  snapshot: Pick<ApplicationSnapshot, "traffic" | "slots" | "sources" | "waysIn">,
): Sentence | null {
  const { waysIn = [] } = snapshot;
  const live = SLOT_COLORS.map((color) => findUnserved(snapshot, color));
  const others = SLOT_COLORS.map((color) => findUnservedWays({ ...snapshot, ways: waysIn }, color));
  return [findNowhere(snapshot), ...live, ...others].find((each) => each !== null) ?? null;
}

/** What people are told of a live side without a target since `since`. */
export function unservedNotification(
  { name, slots, traffic }: ApplicationSnapshot,
  outage: Told,
  since: number,
): Notification {
  const [first, second] = SLOT_COLORS.filter((color) => traffic.weights[color] > 0).map((color) =>
    say("notice.outage.tasks", {
      side: color,
      desired: slots[color].counts.desired,
      running: slots[color].counts.running,
    }),
  );
  const tasks = first && second ? say("told.also", { first, second }) : (first ?? "");
  return {
    id: [name, "traffic.unserved", fingerprint(englishOf(outage)), since].join(":"),
    application: name,
    deploymentId: null,
    kind: "traffic.unserved",
    ...told(say("notice.outage.title", { application: name, outage }), [
      outage,
      say("notice.outage.since", { since: utcMinute(since), tasks }),
    ]),
    deepLinkPath: `/${encodeURIComponent(name)}`,
    at: since,
  };
}
