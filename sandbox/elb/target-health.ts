import type { TargetState } from "../service.ts";

/** What one health check found. */
export type CheckResult = { kind: "status"; code: number } | { kind: "timeout" } | { kind: "failed" };

/** What decides a check's verdict and how many verdicts move a target. */
export interface HealthRules {
  /** AWS's matcher: "200", "200,202" or "200-299". */
  matcher: string;
  healthyThreshold: number;
  unhealthyThreshold: number;
}

/** A target's health as its checks made it; draining and NotInUse are laid over it when it is reported. */
export interface CheckedHealth {
  phase: "registering" | "checking" | "healthy" | "unhealthy";
  /** Consecutive passes and fails; at most one of them is not 0. */
  passes: number;
  fails: number;
  /** Why the last failed check failed; undefined while healthy. */
  failure?: { reason: string; description: string };
}

const NOT_IN_USE: TargetState = {
  state: "unused",
  reason: "Target.NotInUse",
  description: "Target group is not configured to receive traffic from the load balancer",
};
const DRAINING: TargetState = {
  state: "draining",
  reason: "Target.DeregistrationInProgress",
  description: "Target deregistration is in progress",
};
const REGISTERING: TargetState = {
  state: "initial",
  reason: "Elb.RegistrationInProgress",
  description: "Target registration is in progress",
};
const CHECKING: TargetState = {
  state: "initial",
  reason: "Elb.InitialHealthChecking",
  description: "Initial health checks in progress",
};
const HEALTHY: TargetState = { state: "healthy" };

/** What DescribeTargetHealth says of a target that is not in the group. */
export const NOT_REGISTERED: TargetState = {
  state: "unused",
  reason: "Target.NotRegistered",
  description: "Target is not registered to the target group",
};

/** The health of a target just registered, or whose group just came into use. */
export function newHealth(): CheckedHealth {
  return { phase: "registering", passes: 0, fails: 0 };
}

/**
 * The health after one more check. One pass makes a new target healthy; an unhealthy one needs the healthy
 * threshold in a row, and the unhealthy threshold of fails in a row takes any target out.
 */
export function afterCheck(health: CheckedHealth, result: CheckResult, rules: HealthRules): CheckedHealth {
  const failure = findFailure(result, rules.matcher);
  if (!failure) {
    const passes = health.passes + 1;
    if (health.phase === "unhealthy" && passes < rules.healthyThreshold) return { ...health, passes, fails: 0 };
    return { phase: "healthy", passes, fails: 0 };
  }
  const fails = health.fails + 1;
  if (health.phase === "unhealthy" || fails >= rules.unhealthyThreshold) {
    return { phase: "unhealthy", passes: 0, fails, failure };
  }
  return { phase: health.phase === "registering" ? "checking" : health.phase, passes: 0, fails };
}

/** What the API says of a registered target. */
export function reportedState(health: CheckedHealth, isDraining: boolean, isInUse: boolean): TargetState {
  if (isDraining) return DRAINING;
  if (!isInUse) return NOT_IN_USE;
  if (health.phase === "registering") return REGISTERING;
  if (health.phase === "checking") return CHECKING;
  if (health.phase === "healthy") return HEALTHY;
  return { state: "unhealthy", ...health.failure };
}

/** Whether an HTTP status satisfies AWS's matcher of codes and ranges. */
export function matchesCode(matcher: string, code: number): boolean {
  return matcher.split(",").some((part) => {
    const [low = "", high = low] = part.trim().split("-");
    return code >= Number(low) && code <= Number(high);
  });
}

function findFailure(result: CheckResult, matcher: string): CheckedHealth["failure"] {
  if (result.kind === "timeout") return { reason: "Target.Timeout", description: "Request timed out" };
  if (result.kind === "failed") return { reason: "Target.FailedHealthChecks", description: "Health checks failed" };
  if (matchesCode(matcher, result.code)) return undefined;
  return {
    reason: "Target.ResponseCodeMismatch",
    description: `Health checks failed with these codes: [${result.code}]`,
  };
}
