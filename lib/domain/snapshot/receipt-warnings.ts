import { aboveMaximumSaid } from "../observation/scale-ins.ts";
import type { SlotColor } from "../observation/slot.ts";
import { otherColor, SLOT_COLORS } from "../observation/slot.ts";
import type { EarlierRule } from "../observation/traffic.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { ApplicationSnapshot } from "./snapshot.ts";

/** What a person should know before switching, in words with the time or the fix; none of it blocks. */
export function receiptWarnings(
  snapshot: Pick<ApplicationSnapshot, "traffic" | "slots">,
  to: SlotColor,
  now: number,
): Sentence[] {
  const { traffic, slots } = snapshot;
  const old = slots[otherColor(to)];
  const warnings = rulesWarnings(traffic.earlierRules ?? [], to);
  if (traffic.groupStickinessSeconds !== null)
    warnings.push(say("caution.stickyGroups", { side: old.color, time: clock(now, traffic.groupStickinessSeconds) }));
  if (old.stickinessSeconds !== null)
    warnings.push(say("caution.stickySessions", { side: old.color, time: spell(old.stickinessSeconds) }));
  warnings.push(...besidesSaid(slots));
  warnings.push(...aboveMaximumSaid(slots[to]));
  if (slots[to].targets.some((target) => target.reason === "Target.NotInUse"))
    warnings.push(say("caution.inNoRule", { group: slots[to].targetGroupName }));
  if (old.deregistrationDelaySeconds > 0)
    warnings.push(say("caution.draining", { side: old.color, time: spell(old.deregistrationDelaySeconds) }));
  return warnings;
}

/** That requests reach sides without the load balancer: no switch moves them, and a new version gets them as soon as it runs. */
export function besidesSaid(slots: ApplicationSnapshot["slots"]): Sentence[] {
  return SLOT_COLORS.flatMap((side) => (slots[side].besides ?? []).map((by) => say("caution.besides", { side, by })));
}

/** A rule that pins some requests to a side moves with no switch; what goes elsewhere is told in one sentence. */
function rulesWarnings(rules: readonly EarlierRule[], to: SlotColor): Sentence[] {
  const pinned = rules
    .filter((rule) => rule.isOurs)
    .map(({ priority, takes, takesSaid, groups }) =>
      say("caution.pinned", { priority, takes: takesSaid ?? takes, groups: groups.join(", ") }),
    );
  const elsewhere = rules.filter((rule) => !rule.isOurs);
  const first = elsewhere[0];
  if (!first) return pinned;
  const { priority } = first;
  const takes = first.takesSaid ?? first.takes;
  return [...pinned, say("caution.elsewhere", { priority, takes, more: elsewhere.length - 1, side: to })];
}

function clock(now: number, seconds: number): string {
  return `${new Date(now + seconds * 1000).toISOString().slice(11, 16)} UTC`;
}

function spell(seconds: number): Sentence {
  return seconds >= 120 ? say("told.minutes", { minutes: Math.round(seconds / 60) }) : say("told.seconds", { seconds });
}
