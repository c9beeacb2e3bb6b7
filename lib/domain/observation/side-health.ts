import { type Sentence, say } from "../sentence/sentence.ts";
import type { Observation } from "./observation.ts";
import type { Slot, SlotColor, Target } from "./slot.ts";
import { otherColor } from "./slot.ts";

/** The settings of an application that say when a side may take traffic. */
export interface HealthBounds {
  /** Fewest healthy targets a side needs before it may get traffic; null means as many as live has. Never less than 1. */
  minimumHealthy: number | null;
  /** Consecutive healthy observations a side needs before a switch. */
  stableChecks: number;
}

/** Whether a side that is to run something has no target health yet: nothing of it is known to be healthy, or unhealthy. */
export function isHealthUnread({ counts, targetsReadAt }: Pick<Slot, "counts" | "targetsReadAt">): boolean {
  return counts.desired > 0 && targetsReadAt === undefined;
}

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

/** Whether the side could take all traffic at once, by its healthy targets alone; one asked to run nothing is about to lose them. */
export function isSideWarm(bounds: HealthBounds, observation: Observation, to: SlotColor): boolean {
  const { desired, healthy } = observation.slots[to].counts;
  return desired > 0 && healthy >= minimumHealthyFor(bounds, observation, to);
}

/** The first active target that is not healthy; null when all are. */
export function findUnhealthyTarget(slot: Pick<Slot, "targets">): Target | null {
  return activeTargets(slot).find((target) => target.state !== "healthy") ?? null;
}

/** ELBv2's default, where a group's own interval has not been read. */
const DEFAULT_INTERVAL_SECONDS = 30;

/** Seconds for which a target has to be healthy before it counts as stable: that many of its group's own check intervals. */
export function stableSeconds(slot: Pick<Slot, "healthCheck">, checks: number): number {
  return checks * (slot.healthCheck?.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS);
}

/** For how many ms the target has been healthy as far as looks without a gap tell; 0 when it is not. */
export function healthyForMs(target: Target, observedAt: number): number {
  return target.state === "healthy" ? Math.max(0, observedAt - (target.unbrokenSince ?? target.since)) : 0;
}

/** A healthy target that does not count as stable, and what it lacks. */
export interface UnstableTarget {
  target: Target;
  /** Time healthy, too few looks at it, or too few since the last write. */
  lacks: "time" | "looks" | "looksSinceWrite";
  healthyForMs: number;
}

/**
 * The healthy target that lacks most: healthy for less than `checks` check intervals of its group, seen so in fewer looks, or in
 * too few that are newer than `writtenAt` (epoch ms of the last write to listener or service). On the way back only looks count.
 * Null when every one is stable.
 */
export function findUnstableTarget(
  slot: Pick<Slot, "targets" | "healthCheck">,
  checks: number,
  observedAt: number,
  { writtenAt = null, isWayBack = false }: { writtenAt?: number | null; isWayBack?: boolean } = {},
): UnstableTarget | null {
  const neededMs = isWayBack ? 0 : stableSeconds(slot, checks) * 1000;
  const lackOf = (target: Target): UnstableTarget["lacks"] | null => {
    if (healthyForMs(target, observedAt) < neededMs) return "time";
    if (target.consecutive < checks) return "looks";
    const isOld = writtenAt !== null && target.heldSince !== undefined && target.heldSince <= writtenAt;
    return isOld ? "looksSinceWrite" : null;
  };
  const unstable = activeTargets(slot).flatMap((target) => {
    const lacks = target.state === "healthy" ? lackOf(target) : null;
    return lacks ? [{ target, lacks, healthyForMs: healthyForMs(target, observedAt) }] : [];
  });
  return unstable.sort((a, b) => a.healthyForMs - b.healthyForMs)[0] ?? null;
}

/** "healthy for 42 s of 90 s"; the time alone once that is over. */
export function healthyForSaid(healthyMs: number, needed: number): Sentence {
  const seconds = Math.floor(healthyMs / 1000);
  return seconds < needed ? say("health.healthyForOf", { seconds, needed }) : say("health.healthyFor", { needed });
}

/** Falling ill once and getting well again is an incident; twice within the ribbon's quarter of an hour is a habit. */
const FLAPPING_FALLS = 2;

/** How often the target turned from healthy to unhealthy within the time its ribbon shows. */
function countFalls(target: Pick<Target, "history">): number {
  // What comes in between (initial, draining, unavailable) is neither well nor ill.
  const told = target.history.filter(({ state }) => state === "healthy" || state === "unhealthy");
  return told.filter((span, index) => span.state === "unhealthy" && told[index - 1]?.state === "healthy").length;
}

/** The active target that flaps the most: it fell from healthy to unhealthy at least twice; null when none does. */
export function findFlappingTarget(slot: Pick<Slot, "targets">): { target: Target; falls: number } | null {
  const flapping = activeTargets(slot)
    .map((target) => ({ target, falls: countFalls(target) }))
    .filter(({ falls }) => falls >= FLAPPING_FALLS);
  return flapping.sort((a, b) => b.falls - a.falls)[0] ?? null;
}

/** "10.0.1.5:8081 flaps: it turned unhealthy 3 times within 15 min". */
export function flappingSaid({ target, falls }: { target: Target; falls: number }): Sentence {
  return say("health.flaps", { target: `${target.id}:${target.port}`, falls });
}

/** "10.0.1.5:8081 is unhealthy (Target.Timeout)". */
export function targetSaid({ id, port, state, reason }: Target): Sentence {
  const target = `${id}:${port}`;
  return reason ? say("health.isBecause", { target, state, reason }) : say("health.is", { target, state });
}
