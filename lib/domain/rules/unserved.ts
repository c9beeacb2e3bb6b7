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

/**
 * That requests of a side with weight fail: it has no target, is about to have none, or none that is healthy, and then the load balancer
 * sends them to all of them; null while one is healthy, or may be in a moment.
 */
export function findUnserved(
  { traffic, slots, sources }: Pick<Observation, "traffic" | "slots" | "sources">,
  side: SlotColor,
): Sentence | null {
  const slot = slots[side];
  const isKnown = (name: "elb" | "ecs") => sources.some((source) => source.name === name && source.state === "ok");
  if (traffic.weights[side] === 0 || !isKnown("elb")) return null;
  const who = { side, state: traffic.live === side ? "live" : "weighted", weight: traffic.weights[side] };
  const targets = activeTargets(slot);
  // Of what is not in use the load balancer takes nothing, healthy or not.
  if (targets.every(({ state }) => state === "unused")) return say("alarm.noTarget", who);
  if (isKnown("ecs") && slot.counts.desired === 0) return say("alarm.noTaskSoon", who);
  const isSick = targets.every(({ state }) => state === "unhealthy" || state === "unused");
  return isSick ? say("alarm.noneHealthy", who) : null;
}
