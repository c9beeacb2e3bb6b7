import { type Sentence, say } from "../sentence/sentence.ts";
import type { SlotColor } from "./slot.ts";
import { type ForwardGroup, targetGroupName, type Weights } from "./traffic.ts";

/** Why the weights could not be read as this application's. */
export type TrafficReading = { ok: true; weights: Weights } | { ok: false; weights: Weights; drift: Sentence };

/**
 * Reads a forward action's groups as blue and green weights. Any other group, or none of ours, is drift;
 * weights of ours are still reported so that a person sees what is there.
 */
export function readWeights(
  groups: readonly ForwardGroup[],
  arns: Readonly<Record<SlotColor, string>>,
): TrafficReading {
  const weights = { blue: 0, green: 0 };
  const strangers: string[] = [];
  for (const group of groups) {
    if (group.targetGroupArn === arns.blue) weights.blue += group.weight;
    else if (group.targetGroupArn === arns.green) weights.green += group.weight;
    else strangers.push(targetGroupName(group.targetGroupArn));
  }
  if (groups.length === 0) return { ok: false, weights, drift: say("drift.noForward") };
  if (strangers.length > 0)
    return {
      ok: false,
      weights,
      drift: say("drift.stranger", { groups: strangers.join(", ") }),
    };
  return { ok: true, weights };
}
