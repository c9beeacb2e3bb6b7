import type { Slot, Target } from "./slot.ts";

/** Targets that the load balancer calls healthy. */
export function healthyCount(targets: readonly Target[]): number {
  return targets.filter((target) => target.state === "healthy").length;
}

/** Targets that have been seen healthy in at least `checks` consecutive observations. */
export function stableCount(targets: readonly Target[], checks: number): number {
  return targets.filter((target) => target.state === "healthy" && target.consecutive >= checks).length;
}

/** Targets that are on their way out and count for nothing but patience. */
export function isLeaving(target: Pick<Target, "state">): boolean {
  return target.state === "draining" || target.state === "unhealthy.draining";
}

/** How many healthy targets a side needs before it may get traffic: as configured, else as many as live has; never less than 1. */
export function neededHealthy(minimumHealthy: number | null, liveHealthy: number): number {
  return Math.max(1, minimumHealthy ?? liveHealthy);
}

/** What keeps a side from being healthy, from worst to best; "healthy" when nothing does. */
export type SideHealth = "empty" | "unhealthy" | "too-few" | "settling" | "healthy";

/**
 * Whether a side can take traffic: every target that stays is healthy, there are `needed` of them, and each has been healthy
 * for `checks` consecutive observations. One unhealthy target is enough to say no, because the load balancer may route to it
 * as soon as too few others are left (it fails open).
 */
export function sideHealth(slot: Pick<Slot, "targets">, needed: number, checks: number): SideHealth {
  const staying = slot.targets.filter((target) => !isLeaving(target));
  if (staying.length === 0) return "empty";
  if (staying.some((target) => target.state !== "healthy" && target.state !== "initial")) return "unhealthy";
  if (healthyCount(staying) < needed) return "too-few";
  if (staying.some((target) => target.state === "initial") || stableCount(staying, checks) < staying.length)
    return "settling";
  return "healthy";
}

/** Whether at least `needed` targets are healthy now, stable or not: enough to take traffic back in an emergency. */
export function isWarm(slot: Pick<Slot, "targets">, needed: number): boolean {
  return healthyCount(slot.targets) >= Math.max(1, needed);
}
