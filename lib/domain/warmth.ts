import type { Application } from "./application.ts";
import type { Observation } from "./observation.ts";
import type { Slot, SlotColor, Target } from "./slot.ts";
import { otherColor } from "./slot.ts";

/** The settings of an application that say when a side may take traffic. */
export type HealthBounds = Pick<Application, "minimumHealthy" | "stableChecks">;

/** A target on its way out, which counts for nothing but patience. */
export function isLeaving(target: Pick<Target, "state">): boolean {
  return target.state === "draining" || target.state === "unhealthy.draining";
}

/** Targets that take or will take traffic: those on their way out are left aside. */
export function activeTargets(slot: Pick<Slot, "targets">): Target[] {
  return slot.targets.filter((target) => !isLeaving(target));
}

/** Fewest healthy targets `to` needs before it may get traffic: as configured, or as many as the other side has; never zero. */
export function minimumHealthyFor(bounds: HealthBounds, observation: Observation, to: SlotColor): number {
  return Math.max(1, bounds.minimumHealthy ?? observation.slots[otherColor(to)].counts.healthy);
}

/** Whether the side could take all traffic at once, by its healthy targets alone. */
export function isSideWarm(bounds: HealthBounds, observation: Observation, to: SlotColor): boolean {
  return observation.slots[to].counts.healthy >= minimumHealthyFor(bounds, observation, to);
}

/** The first active target that is not healthy; null when all are. */
export function findUnhealthyTarget(slot: Pick<Slot, "targets">): Target | null {
  return activeTargets(slot).find((target) => target.state !== "healthy") ?? null;
}

/** The healthy target seen healthy for the fewest consecutive observations, when fewer than `checks`; null otherwise. */
export function findUnstableTarget(slot: Pick<Slot, "targets">, checks: number): Target | null {
  const unstable = activeTargets(slot).filter((t) => t.state === "healthy" && t.consecutive < checks);
  return unstable.sort((a, b) => a.consecutive - b.consecutive)[0] ?? null;
}

/** "10.0.1.5:8081 is unhealthy (Target.Timeout)". */
export function describeTarget(target: Target): string {
  return `${target.id}:${target.port} is ${target.state}${target.reason ? ` (${target.reason})` : ""}`;
}
