import type { TargetGroupRecord, TargetRecord } from "./elb-state.ts";

/**
 * The target for the next request, or null when the group has none. Healthy targets only, unless fewer are
 * healthy than the group demands: then the load balancer fails open to every target that is not draining.
 */
export function nextTarget(group: TargetGroupRecord, random: () => number): TargetRecord | null {
  const candidates = candidatesOf(group);
  if (candidates.length === 0) return null;
  const algorithm = group.attributes.get("load_balancing.algorithm.type");
  if (algorithm === "weighted_random") return candidates[Math.floor(random() * candidates.length)] ?? null;
  group.cursor = (group.cursor + 1) % candidates.length;
  if (algorithm !== "least_outstanding_requests") return candidates[group.cursor] ?? null;
  let best: TargetRecord | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let offset = 0; offset < candidates.length; offset++) {
    const candidate = candidates[(group.cursor + offset) % candidates.length];
    const outstanding = candidate?.connections?.active ?? 0;
    if (candidate && outstanding < least) [best, least] = [candidate, outstanding];
  }
  return best;
}

/** Whether a sticky request may still go to this target. */
export function isCandidate(target: TargetRecord): boolean {
  return candidatesOf(target.group).includes(target);
}

function candidatesOf(group: TargetGroupRecord): TargetRecord[] {
  group.candidates ??= findCandidates(group);
  return group.candidates;
}

function findCandidates(group: TargetGroupRecord): TargetRecord[] {
  const open = [...group.targets.values()].filter((target) => target.drainsUntil === null);
  const healthy = open.filter((target) => target.health.phase === "healthy");
  return healthy.length >= Math.min(minimumHealthy(group, open.length), open.length) && healthy.length > 0
    ? healthy
    : open;
}

function minimumHealthy(group: TargetGroupRecord, registered: number): number {
  const prefix = "target_group_health.unhealthy_state_routing.minimum_healthy_targets";
  const count = Number(group.attributes.get(`${prefix}.count`) ?? 1) || 0;
  const percentage = Number(group.attributes.get(`${prefix}.percentage`) ?? 0) || 0;
  return Math.max(1, count, Math.ceil((registered * percentage) / 100));
}
