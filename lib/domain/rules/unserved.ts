import type { Observation } from "../observation/observation.ts";
import { activeTargets } from "../observation/side-health.ts";
import type { SlotColor } from "../observation/slot.ts";
import { driftOf } from "../observation/traffic.ts";
import { listSaid } from "../sentence/list.ts";
import { type Sentence, say } from "../sentence/sentence.ts";

/** That a listener or rule which a switch moves gives weight to neither side, so that every request of it fails; null where none does. */
export function findNowhere({ traffic }: Pick<Observation, "traffic">): Sentence | null {
  // Where it forwards elsewhere, that is its own fault.
  if (driftOf(traffic) !== null) return null;
  const all = traffic.together ?? [traffic];
  const names = all.filter(({ weights }) => weights.blue + weights.green === 0).map(({ name }) => name);
  return names.length === 0 ? null : say("alarm.nowhere", { names: listSaid(names, "and"), count: names.length });
}

/** That a side with weight answers its requests with 503, because it has no target or is about to have none; null while it has some. */
export function findUnserved(
  { traffic, slots, sources }: Pick<Observation, "traffic" | "slots" | "sources">,
  side: SlotColor,
): Sentence | null {
  const slot = slots[side];
  const isKnown = (name: "elb" | "ecs") => sources.some((source) => source.name === name && source.state === "ok");
  if (traffic.weights[side] === 0 || !isKnown("elb")) return null;
  const who = { side, state: traffic.live === side ? "live" : "weighted", weight: traffic.weights[side] };
  if (activeTargets(slot).length === 0) return say("alarm.noTarget", who);
  return isKnown("ecs") && slot.counts.desired === 0 ? say("alarm.noTaskSoon", who) : null;
}
