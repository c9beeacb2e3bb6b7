import { expect, test } from "vitest";
import { facts, NOW, observation } from "../../testing/facts.ts";
import { aws, gate, look, settle, started } from "../../testing/followed.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { withPlan } from "../deployment/deployment-transitions.ts";
import { rollbackWindow } from "./rollback-rules.ts";

const APPLICATION = { minimumHealthy: null, stableChecks: 1, controller: "ecs-native" } as const;
const LIVE = observation({ weights: { blue: 0, green: 100 } });
const shifted = (sentAt: number, readBackMs: number) => ({
  shift: { to: "green", expected: { blue: 100, green: 0 }, sentAt, readBackMs } as const,
});

/** Ended well: all traffic on its side 300 s after its start, of which it waited for people 120 s. */
function ended(kind: Deployment["kind"] = "RELEASE", seconds = 300): Deployment {
  const record = withPlan(started({}, { kind }), shifted(NOW + (seconds - 10) * 1000, 10_000));
  const answered = { gate: "g-1", action: "CONTINUE", at: NOW + 200_000, waitedMs: 120_000 } as const;
  return {
    ...record,
    status: "SUCCESSFUL",
    finishedAt: NOW + 900_000,
    ...(record.aws ? { aws: { ...record.aws, answered: [answered] } } : {}),
  };
}

const turnedRound: Deployment = {
  ...withPlan(started(), { ...shifted(NOW, 0), turnedAt: NOW + 100_000 }),
  status: "ROLLBACK_SUCCESSFUL",
  finishedAt: NOW + 141_000,
};
const windowOf = (deployment: Deployment | null, history: Deployment[]) =>
  rollbackWindow(facts(LIVE, { application: APPLICATION, deployment, history }));

test("after the end a rollback costs what the last deployment took to its shift, without what it waited for people", () => {
  expect(windowOf(null, [ended()])).toMatchObject({ instant: false, estimateSeconds: 180, lastRollbackSeconds: 180 });
  // A rollback's own time counts before a newer release's.
  const back = { ...ended("ROLLBACK", 220), id: "d-0" };
  expect(windowOf(null, [ended(), back])?.lastRollbackSeconds).toBe(100);
});

test("in flight it costs what AWS took the last time to roll back; before the first it is a guess that says so", () => {
  const held = look([aws({ stage: "POST_PRODUCTION_TRAFFIC_SHIFT", gates: [gate("w-1")] })], LIVE);
  const inFlight = settle(started(), held).deployment;
  expect(windowOf(inFlight, [ended(), turnedRound])).toMatchObject({
    until: NOW + 60_000,
    instant: false,
    estimateSeconds: 41,
    lastRollbackSeconds: 41,
  });
  const first = windowOf(inFlight, []);
  expect(first?.estimateSeconds).toBe(60);
  expect(first?.lastRollbackSeconds).toBeUndefined();
});

test("what was rolled back before it moved any traffic tells nothing", () => {
  const early: Deployment = {
    ...withPlan(started(), { turnedAt: NOW }),
    status: "ROLLBACK_SUCCESSFUL",
    finishedAt: NOW,
  };
  const held = look([aws({ stage: "BAKE_TIME" })], LIVE);
  expect(windowOf(settle(started(), held).deployment, [early])?.lastRollbackSeconds).toBeUndefined();
});
