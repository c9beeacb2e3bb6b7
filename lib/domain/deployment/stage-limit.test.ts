import { expect, test } from "vitest";
import { deployment, NOW, observation, revision, target } from "../../testing/facts.ts";
import type { Deployment } from "./deployment.ts";
import { stageRecord } from "./deployment-stage.ts";
import {
  advance,
  beginRollback,
  beginStep,
  requestAbort,
  requestSwitch,
  revisionRegistered,
  shifted,
  shiftSent,
  sideStarted,
  withPlan,
} from "./deployment-transitions.ts";
import { findWaiting, stageLimit, withWaiting } from "./stage-limit.ts";

const MINUTE = 60_000;
const LOOK = observation();
const CANARY = { strategy: "CANARY", percent: 5, bakeMinutes: 10 } as const;

const started = deployment({ rollout: CANARY });
const registered = revisionRegistered(started, revision(3), NOW);
const scaling = sideStarted(registered, revision(3), 2, NOW);
const waiting = advance(scaling, NOW);
const shifting = requestSwitch(waiting, LOOK.traffic.weights, NOW);
const sent = shiftSent(shifting, LOOK.traffic.weights, NOW);
const canary = shifted(sent, { attemptAt: NOW, alreadyThere: false, readBackMs: 50 }, NOW);
const due = beginStep(canary, 1, NOW + 10 * MINUTE);
const proving = shifted(
  shiftSent(due, { blue: 95, green: 5 }, NOW + 10 * MINUTE),
  { attemptAt: NOW + 10 * MINUTE, alreadyThere: false, readBackMs: 50 },
  NOW + 10 * MINUTE,
);
const baking = { ...advance(proving, NOW), bakeUntil: NOW + 20 * MINUTE };
const stopping = withPlan(requestAbort(waiting, "asked"), { stoppingAt: NOW });
const turning = beginRollback(requestAbort(canary, "asked"), { blue: 95, green: 5 }, NOW);

test.each<[string, Deployment, number, string]>([
  ["PRE_SCALE_UP", started, 5, "stops, with green as it is"],
  ["SCALE_UP", registered, 5, "stops and puts green back"],
  ["POST_SCALE_UP", scaling, 15, "stops and puts green back"],
  ["PRE_PRODUCTION_TRAFFIC_SHIFT", waiting, 1440, "stops, and blue stays live"],
  ["PRODUCTION_TRAFFIC_SHIFT", shifting, 5, "stops"],
  ["PRODUCTION_TRAFFIC_SHIFT", canary, 10, "moves all traffic to green"],
  ["PRODUCTION_TRAFFIC_SHIFT", due, 15, "rolls back to blue"],
  ["BAKE_TIME", baking, 20, "succeeds, and blue stays warm"],
  ["PRE_PRODUCTION_TRAFFIC_SHIFT", stopping, 10, "stops as things are"],
  ["PRODUCTION_TRAFFIC_SHIFT", turning, 15, "gives up the rollback"],
])("in %s it says when it ends and what happens then", (stage, at, minutes, outcome) => {
  expect(at.stage).toBe(stage);
  expect(stageLimit(at, LOOK)).toMatchObject({ until: NOW + minutes * MINUTE, outcome });
});

test("the verification has its own limit, from the last step", () => {
  expect(proving.stage).toBe("POST_PRODUCTION_TRAFFIC_SHIFT");
  expect(stageLimit(proving, LOOK)).toMatchObject({
    since: NOW + 10 * MINUTE,
    until: NOW + 10 * MINUTE + 75_000,
    outcome: "goes on as switched, not verified",
  });
});

test("nothing is waited for once it has ended", () => {
  for (const status of ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"] as const)
    expect(findWaiting({ ...waiting, status, finishedAt: NOW }, LOOK)).toBeNull();
});

test("what was configured when it began holds for it", () => {
  const timeouts = { becomeHealthyMinutes: 30, awaitSwitchMinutes: 60, rollbackMinutes: 5 };
  const until = (at: Deployment) => ((stageLimit({ ...at, timeouts }, LOOK)?.until ?? 0) - NOW) / MINUTE;
  expect([until(scaling), until(waiting), until(turning)]).toEqual([30, 60, 5]);
});

test("while old targets drain, the side has their delay longer to become ready", () => {
  const draining = observation({ green: { targets: [target("new"), target("old", "draining")] } });
  expect(stageLimit(scaling, draining)?.until).toBe(NOW + 20 * MINUTE);
});

test("it is shown with what the stage says it waits for, and since when", () => {
  expect(stageRecord(waiting, waiting.stage).status).toBe("AWAITING_ACTION");
  expect(withWaiting(waiting, LOOK).waiting).toMatchObject({
    for: "Waits for a person to switch",
    since: NOW,
    until: NOW + 1440 * MINUTE,
    outcome: "stops, and blue stays live",
  });
  expect(withWaiting(turning, LOOK).waiting?.for).toBe("The deployment rolls back");
});
