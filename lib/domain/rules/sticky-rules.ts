import { otherColor, type SlotColor } from "../observation/slot.ts";
import { say } from "../sentence/sentence.ts";
import { utcMinute } from "../text/utc-minute.ts";
import type { Blocker } from "../verb/blocker.ts";
import { blocker } from "../verb/say-blocker.ts";
import type { RuleFacts } from "./rule-facts.ts";

/**
 * Why a side without weight must not be replaced or stopped yet: where target groups are sticky, a client's cookie keeps it at the
 * group that it had, at weight 0 as well, for as long as the cookie holds. Null once every cookie from before the last shift is over.
 * That AWS goes by the cookie and not by the weight is an assumption; no documentation says so or otherwise.
 */
export function findStickyBlocker(
  { observation, history, now }: Pick<RuleFacts, "observation" | "history" | "now">,
  side: SlotColor,
): Blocker | null {
  const { traffic } = observation;
  if (traffic.groupStickinessSeconds === null || traffic.weights[side] > 0) return null;
  const left = history.find(({ plan }) => plan?.shift?.sentAt != null)?.plan?.shift;
  if (left?.to !== otherColor(side) || left.sentAt === null) return null;
  const until = left.sentAt + traffic.groupStickinessSeconds * 1000;
  if (until <= now) return null;
  return blocker(
    "STILL_SERVED",
    say("blocker.keptByCookie", { name: traffic.name, side, until: utcMinute(until) }),
    say("blocker.waitForCookies"),
  );
}
