import { describe, expect, it } from "vitest";
import { afterCheck, type CheckResult, matchesCode, newHealth, reportedState } from "./target-health.ts";

const rules = { matcher: "200-299", healthyThreshold: 3, unhealthyThreshold: 2 };
const CHECKS: Record<string, CheckResult> = {
  "+": { kind: "status", code: 200 },
  "-": { kind: "status", code: 503 },
  t: { kind: "timeout" },
  x: { kind: "failed" },
};

function after(checks: string) {
  let health = newHealth();
  for (const check of checks) health = afterCheck(health, CHECKS[check] ?? { kind: "failed" }, rules);
  return reportedState(health, false, true);
}

describe("a target's health", () => {
  it.each([
    ["", "initial", "Elb.RegistrationInProgress", "Target registration is in progress"],
    ["-", "initial", "Elb.InitialHealthChecking", "Initial health checks in progress"],
    ["+", "healthy", undefined, undefined],
    ["-+", "healthy", undefined, undefined],
    ["--", "unhealthy", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]"],
    ["tt", "unhealthy", "Target.Timeout", "Request timed out"],
    ["xx", "unhealthy", "Target.FailedHealthChecks", "Health checks failed"],
    ["-t", "unhealthy", "Target.Timeout", "Request timed out"],
    ["+-", "healthy", undefined, undefined],
    ["+-+-", "healthy", undefined, undefined],
    ["+--", "unhealthy", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]"],
    ["+--x", "unhealthy", "Target.FailedHealthChecks", "Health checks failed"],
    ["--++", "unhealthy", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]"],
    ["--+++", "healthy", undefined, undefined],
    ["--++-++", "unhealthy", "Target.ResponseCodeMismatch", "Health checks failed with these codes: [503]"],
    ["--++-+++", "healthy", undefined, undefined],
  ])("after the checks %j is %s", (checks, state, reason, description) => {
    expect(after(checks)).toEqual({ state, reason, description });
  });

  it("is draining whatever its checks say, and unused where no load balancer uses the group", () => {
    const healthy = afterCheck(newHealth(), { kind: "status", code: 200 }, rules);
    expect(reportedState(healthy, true, true).reason).toBe("Target.DeregistrationInProgress");
    expect(reportedState(healthy, false, false)).toEqual({
      state: "unused",
      reason: "Target.NotInUse",
      description: "Target group is not configured to receive traffic from the load balancer",
    });
  });

  it.each([
    ["200", 200, true],
    ["200", 204, false],
    ["200,204", 204, true],
    ["200-299, 404", 250, true],
    ["200-299,404", 404, true],
    ["200-299,404", 403, false],
  ])("matcher %j on code %i is %s", (matcher, code, expected) => {
    expect(matchesCode(matcher, code)).toBe(expected);
  });
});
