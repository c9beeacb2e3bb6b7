import type { SlotColor } from "../observation/slot.ts";
import { otherColor } from "../observation/slot.ts";
import type { EarlierRule } from "../observation/traffic.ts";
import type { ApplicationSnapshot } from "./snapshot.ts";

/** What a person should know before switching, in words with the time or the fix; none of it blocks. */
export function receiptWarnings(
  snapshot: Pick<ApplicationSnapshot, "traffic" | "slots">,
  to: SlotColor,
  now: number,
): string[] {
  const { traffic, slots } = snapshot;
  const old = slots[otherColor(to)];
  const warnings = rulesWarnings(traffic.earlierRules ?? [], to);
  if (traffic.groupStickinessSeconds !== null)
    warnings.push(
      `Target group stickiness is on: some clients stay on ${old.color} until ${clock(now, traffic.groupStickinessSeconds)}. Turn it off in the forward action to move everybody at once`,
    );
  if (old.stickinessSeconds !== null)
    warnings.push(
      `Sticky sessions on ${old.color} (${spell(old.stickinessSeconds)}) do not follow: what they keep in memory is lost`,
    );
  if (slots[to].targets.some((target) => target.reason === "Target.NotInUse"))
    warnings.push(
      `No rule names ${slots[to].targetGroupName}, so its targets are not checked: put it into the forward action with weight 0`,
    );
  if (old.deregistrationDelaySeconds > 0)
    warnings.push(
      `Requests that are open on ${old.color} end there; once it is retired its targets drain for ${spell(old.deregistrationDelaySeconds)}`,
    );
  return warnings;
}

/** A rule that pins some requests to a side moves with no switch; what goes elsewhere is told in one sentence. */
function rulesWarnings(rules: readonly EarlierRule[], to: SlotColor): string[] {
  const pinned = rules
    .filter((rule) => rule.isOurs)
    .map(
      ({ priority, takes, groups }) =>
        `Rule ${priority} comes first and sends ${takes} to ${groups.join(", ")}, whatever is switched: give it the same weights, or delete it`,
    );
  const elsewhere = rules.filter((rule) => !rule.isOurs);
  const first = elsewhere[0];
  if (!first) return pinned;
  const more = elsewhere.length > 1 ? ` and ${elsewhere.length - 1} more` : "";
  return [
    ...pinned,
    `Rule ${first.priority} (${first.takes})${more} come${elsewhere.length > 1 ? "" : "s"} first: those requests do not reach ${to}`,
  ];
}

function clock(now: number, seconds: number): string {
  return `${new Date(now + seconds * 1000).toISOString().slice(11, 16)} UTC`;
}

function spell(seconds: number): string {
  return seconds >= 120 ? `${Math.round(seconds / 60)} min` : `${seconds} s`;
}
