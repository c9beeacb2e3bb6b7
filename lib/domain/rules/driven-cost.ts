import type { Deployment } from "../deployment/deployment.ts";
import { hasShifted } from "../deployment/deployment-stage.ts";
import { isGateBeforeShift } from "../deployment/gate-words.ts";

/**
 * Seconds that AWS took the last time to roll back a deployment that had moved traffic, until it said so; null before the first.
 * Newest first.
 */
export function lastDrivenRollbackSeconds(history: readonly Deployment[]): number | null {
  for (const deployment of history) {
    const { status, finishedAt, plan } = deployment;
    if (!deployment.aws || status !== "ROLLBACK_SUCCESSFUL" || !hasShifted(deployment)) continue;
    if (plan?.turnedAt != null && finishedAt !== null) return seconds(finishedAt - plan.turnedAt);
  }
  return null;
}

/**
 * Seconds that AWS took the last time from the start of a deployment until all traffic was on its new side, without what it
 * waited for people; a rollback's own counts before a release's. Null before the first.
 */
export function lastDrivenShiftSeconds(history: readonly Deployment[]): number | null {
  const shifted = history.flatMap((deployment) => {
    const took = shiftMs(deployment);
    return took === null ? [] : [{ kind: deployment.kind, took }];
  });
  const known = shifted.find(({ kind }) => kind === "ROLLBACK") ?? shifted[0];
  return known ? seconds(known.took) : null;
}

function shiftMs({ aws, status, plan, startedAt }: Deployment): number | null {
  const { sentAt = null, readBackMs = null } = plan?.shift ?? {};
  if (!aws || status !== "SUCCESSFUL" || sentAt === null || readBackMs === null) return null;
  const end = sentAt + readBackMs;
  const answered = aws.answered.filter(({ at }) => at <= end).map(({ waitedMs = 0 }) => waitedMs);
  const ended = (aws.ended ?? []).filter(isGateBeforeShift).map(({ waitedMs }) => waitedMs);
  const waited = [...answered, ...ended].reduce((sum, ms) => sum + ms, 0);
  return Math.max(0, end - startedAt - waited);
}

function seconds(ms: number): number {
  return Math.max(1, Math.round(ms / 1000));
}
