import fc from "fast-check";
import { expect, test } from "vitest";
import { AwsFailure } from "../aws/errors.ts";
import { WeightsChanged } from "../controllers/weights-changed.ts";
import { judgeSmoke } from "../domain/application/smoke-check.ts";
import { decide } from "../domain/decide/decide.ts";
import type { Step } from "../domain/decide/decision.ts";
import type { Deployment, DeploymentKind } from "../domain/deployment/deployment.ts";
import { isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import {
  proofSeen,
  requestAbort,
  requestSwitch,
  revisionRegistered,
  shifted,
  sideStarted,
  smokeSeen,
  stepSeen,
  testShifted,
  withPlan,
} from "../domain/deployment/deployment-transitions.ts";
import { newDeployment } from "../domain/deployment/new-deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { ALL_AT_ONCE, type Rollout, rolloutSteps } from "../domain/observation/rollout.ts";
import { minimumHealthyFor } from "../domain/observation/side-health.ts";
import type { Revision, SlotColor } from "../domain/observation/slot.ts";
import { isSame, type Weights } from "../domain/observation/traffic.ts";
import { findSwitchBlockers } from "../domain/rules/switch-rules.ts";
import { NOW, observation, revision, target } from "../testing/facts.ts";
import { expectSaidAsTold } from "../testing/said-as-told.ts";
import { withIntent } from "./describe-step.ts";
import { withEvidenceLines } from "./read-evidence.ts";
import { judgeFailure } from "./step-failure.ts";

/* Whole histories of a deployment, with a small model of ECS and a load balancer in place of AWS: what is tested is decide. */

const SETTINGS = { minimumHealthy: null, stableChecks: 3, bakeMinutes: 1, requestLine: "x" };
const TEST_LISTENER = { arn: "t", kind: "listener", name: "library-alb HTTP:81", url: "http://t" } as const;
const SMOKE = { path: "/", status: 200, text: null, timeoutSeconds: 10 };
const DRAINING = 4;
/** Long enough for a day's pause and a day's bake at half a minute a turn. */
const MOST_TURNS = 12_000;

interface Side {
  revision: Revision;
  desired: number;
  healthy: number;
  steady: number;
  /** Turns for which ECS still rolls the side out, because old tasks drain. */
  draining: number;
}
interface World {
  weights: Weights;
  /** What the test listener holds. */
  test: Weights;
  smokeStatus: number;
  sides: Record<SlotColor, Side>;
}
type Trouble = "none" | "throttle" | "lost" | "denied" | "rejected";
type Move = "wait" | "press" | "abort" | "sicken" | "sickenOld" | "killOld" | "outside";
interface History {
  kind: DeploymentKind;
  coldTo: boolean;
  neverHealthy: boolean;
  rollout?: Rollout;
  /** A test listener is configured, with what it holds at first and what the smoke check is answered. */
  testing?: { held: Weights; status: number };
  /** Every shift is throttled. */
  neverShifts?: boolean;
  troubles: Trouble[];
  moves: Move[];
}

function look(world: World, now: number): Observation {
  const side = (color: SlotColor) => {
    const { revision: runs, desired, healthy, steady, draining } = world.sides[color];
    const targets = Array.from({ length: desired }, (_, i) =>
      target(`${color}${i}`, i < healthy ? "healthy" : "unhealthy", steady),
    );
    const tasks = targets.map((each) => ({
      arn: each.id,
      id: each.id,
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      healthStatus: "UNKNOWN",
      startedAt: now,
      createdAt: now,
      stoppedAt: null,
      containers: [],
      taskDefinition: runs.taskDefinition,
      address: null,
    }));
    return {
      revision: runs,
      counts: { desired, running: desired, pending: 0, healthy, total: desired },
      targets,
      tasks,
      rollout: draining > 0 ? { id: "r", state: "IN_PROGRESS" as const, failedTasks: 0 } : null,
    };
  };
  const seen = observation({ weights: world.weights, blue: side("blue"), green: side("green"), at: now });
  const test = { listenerOrRuleArn: "t", name: "library-alb HTTP:81", weights: world.test, readAt: now };
  return { ...seen, traffic: { ...seen.traffic, test } };
}

function evolve(world: World, history: History): void {
  for (const color of ["blue", "green"] as const) {
    const side = world.sides[color];
    side.draining = Math.max(0, side.draining - 1);
    const isBad = history.neverHealthy && side.revision.taskDefinition === revision(3).taskDefinition;
    if (isBad) side.healthy = 0;
    else if (side.healthy < side.desired) [side.healthy, side.steady] = [side.healthy + 1, 1];
    else [side.healthy, side.steady] = [side.desired, side.steady + 1];
  }
}

function failureOf(trouble: Trouble, step: Step): Error {
  const fields = { requestId: "r", service: "elasticloadbalancing", operation: "ModifyListener" } as const;
  if (trouble === "rejected" && step.type === "shift")
    return new WeightsChanged(step.expected, { blue: 1, green: 1 }, null);
  if (trouble === "denied")
    return new AwsFailure({
      ...fields,
      code: "AccessDenied",
      message: "no",
      kind: "denied",
      retryable: false,
      isOutcomeUnknown: false,
    });
  const isLost = trouble === "lost";
  return new AwsFailure({
    ...fields,
    code: "Throttling",
    message: "slow",
    kind: isLost ? "unavailable" : "throttled",
    retryable: true,
    isOutcomeUnknown: isLost,
  });
}

/** Does the step in the model and answers the record after it. */
function perform(deployment: Deployment, step: Step, world: World, now: number): Deployment {
  switch (step.type) {
    case "registerRevision":
      return revisionRegistered(deployment, revision(3), now);
    case "startSide": {
      const side = world.sides[step.slot];
      if (side.revision.taskDefinition !== step.revision.taskDefinition)
        [side.healthy, side.steady, side.draining] = [0, 0, DRAINING];
      [side.revision, side.desired] = [step.revision, step.desired];
      side.healthy = Math.min(side.healthy, side.desired);
      if (step.purpose === "release") return sideStarted(deployment, step.revision, step.desired, now);
      return withPlan(deployment, step.purpose === "restore" ? { restored: true } : { oldSideStarted: true });
    }
    case "shift": {
      const alreadyThere = isSame(world.weights, step.weights);
      if (!alreadyThere && !isSame(world.weights, step.expected)) throw failureOf("rejected", step);
      world.weights = step.weights;
      return shifted(deployment, { attemptAt: now, alreadyThere, readBackMs: 10 }, now);
    }
    case "shiftTest": {
      const isThere = isSame(world.test, step.weights);
      if (!isThere && !isSame(world.test, step.expected)) throw new WeightsChanged(step.expected, world.test, null);
      world.test = step.weights;
      return testShifted(deployment, step.purpose, now);
    }
    case "smoke": {
      const asked = { at: now, tries: step.tries, url: "http://t/", tookMs: 3 };
      const status = world.smokeStatus;
      return smokeSeen(deployment, judgeSmoke(SMOKE, { status, body: "", location: null }, asked));
    }
    case "prove":
      if (step.part !== undefined) return stepSeen(deployment, step.part, 40, now);
      return proofSeen(
        deployment,
        { proof: { ruleReadBackMs: 10, proven: true }, isSettled: true },
        SETTINGS.bakeMinutes,
        now,
      );
    case "startAws":
    case "answerGate":
    case "rollBackAws":
      throw new TypeError(`${step.type} is for what AWS drives`);
    case "readEvidence":
      return withEvidenceLines(deployment, []);
  }
}

function live(
  history: History,
  checks: {
    onShift(world: World, step: Extract<Step, { type: "shift" }>, look: Observation): void;
    /** A person is asked to switch. */
    onAsked?(deployment: Deployment, look: Observation): void;
  },
) {
  const world: World = {
    weights: { blue: 100, green: 0 },
    test: history.testing?.held ?? { blue: 0, green: 100 },
    smokeStatus: history.testing?.status ?? 200,
    sides: {
      blue: { revision: revision(1), desired: 2, healthy: 2, steady: 9, draining: 0 },
      green: {
        revision: revision(2),
        desired: history.coldTo ? 0 : 2,
        healthy: history.coldTo ? 0 : 2,
        steady: 9,
        draining: 0,
      },
    },
  };
  let now = NOW;
  const settings = history.testing ? { ...SETTINGS, testListener: TEST_LISTENER, smoke: SMOKE } : SETTINGS;
  const needsStart = history.kind === "RELEASE" || (history.kind === "ROLLBACK" && history.coldTo);
  let deployment = newDeployment({
    id: "d-1",
    application: "library",
    kind: history.kind,
    to: "green",
    observation: look(world, now),
    actor: { id: "o", name: "o", via: "session" },
    reason: null,
    bakeMinutes: 1,
    rollout: history.rollout,
    test: history.testing && { hasListener: true, hasSmokeCheck: true },
    now,
    requested:
      history.kind === "RELEASE" ? { image: "x" } : needsStart ? { taskDefinition: revision(2).taskDefinition } : null,
    revision: needsStart && history.kind === "ROLLBACK" ? revision(2) : null,
  });
  const troubles = [...history.troubles];
  const moves = [...history.moves];
  const steps: Step[] = [];
  let aborted = false;
  let moved = false;
  let isOldDead = false;
  for (let turn = 0; turn < MOST_TURNS && isInFlight(deployment); turn += 1) {
    const observed = look(world, now);
    const decision = decide(deployment, { observation: observed, settings, now });
    expect(decide(deployment, { observation: observed, settings, now })).toEqual(decision);
    if (decision.kind === "end") break;
    if (decision.kind === "change") {
      const isNew = !isAwaitingSwitch(deployment) && isAwaitingSwitch(decision.deployment);
      const isRefused = deployment.stage === "PRODUCTION_TRAFFIC_SHIFT";
      if (isNew && !isRefused) checks.onAsked?.(decision.deployment, observed);
      deployment = decision.deployment;
    }
    if (decision.kind === "step") {
      const { step } = decision;
      steps.push(step);
      if (step.type === "shift") checks.onShift(world, step, observed);
      if (step.type === "startSide" && world.weights[step.slot] > 0) expect(step.purpose).toBe("rollback");
      deployment = withIntent(deployment, step, now);
      const isHopeless = history.neverShifts && step.type === "shift";
      const trouble = isHopeless ? "throttle" : (troubles.shift() ?? "none");
      if (isHopeless) now += 15_000;
      try {
        if (trouble !== "none" && trouble !== "lost") throw failureOf(trouble, step);
        const done = perform(deployment, step, world, now + 5);
        if (trouble === "lost") throw failureOf(trouble, step);
        deployment = done;
      } catch (error) {
        deployment = judgeFailure(step, error, now).change(deployment, now);
      }
    }
    const isWaiting = decision.kind === "wait" || decision.kind === "look";
    const move = moves.shift() ?? (isWaiting && isAwaitingSwitch(deployment) ? "press" : "wait");
    if (move === "press") deployment = requestSwitch(deployment, world.weights, now);
    if (move === "abort") [deployment, aborted] = [requestAbort(deployment, "asked"), true];
    if (move === "sicken" || move === "sickenOld") {
      const side = world.sides[move === "sicken" ? "green" : "blue"];
      [side.healthy, side.steady] = [0, 0];
    }
    if (move === "killOld") isOldDead = true;
    if (move === "outside") [world.weights, moved] = [{ blue: 70, green: 30 }, true];
    if (isOldDead) world.sides.blue.healthy = 0;
    if (isWaiting) {
      evolve(world, history);
      now += 30_000;
    }
    now += 20;
  }
  return { deployment, world, steps, aborted, moved };
}

const trouble = fc.constantFrom<Trouble>("none", "none", "none", "throttle", "lost", "denied", "rejected");
const rollouts: fc.Arbitrary<Rollout> = fc.oneof(
  fc.constant(ALL_AT_ONCE),
  fc.record({
    strategy: fc.constant("CANARY" as const),
    percent: fc.integer({ min: 1, max: 1000 }).map((tenths) => tenths / 10),
    bakeMinutes: fc.constantFrom(0, 0.5, 2),
  }),
  fc.record({
    strategy: fc.constant("LINEAR" as const),
    stepPercent: fc.integer({ min: 150, max: 1000 }).map((tenths) => tenths / 10),
    stepBakeMinutes: fc.constantFrom(0, 1),
  }),
);
const histories = (moves: Move[]): fc.Arbitrary<History> =>
  fc.record({
    kind: fc.constantFrom<DeploymentKind>("RELEASE", "SWITCH", "ROLLBACK"),
    coldTo: fc.boolean(),
    neverHealthy: fc.boolean(),
    rollout: rollouts,
    testing: fc.option(
      fc.record({
        held: fc.constantFrom({ blue: 100, green: 0 }, { blue: 0, green: 100 }, { blue: 0, green: 1 }),
        status: fc.constantFrom(200, 200, 503),
      }),
      { nil: undefined },
    ),
    troubles: fc.array(trouble, { maxLength: 8 }),
    neverShifts: fc.constantFrom(...(moves.includes("outside") ? [false, false, false, true] : [false])),
    moves: fc.array(fc.constantFrom<Move>("wait", "wait", ...moves), { maxLength: 25 }),
  });
const noCheck = { onShift: () => undefined };
const CALM: History = { kind: "RELEASE", coldTo: false, neverHealthy: false, troubles: [], moves: [] };
const RUNS = { numRuns: 1_000 };

test("every deployment ends, whatever fails and whoever interferes", () => {
  fc.assert(
    fc.property(histories(["press", "abort", "sicken", "sickenOld", "killOld", "outside"]), (history) => {
      const { deployment } = live(history, noCheck);
      expect(isInFlight(deployment)).toBe(false);
      expectSaidAsTold(deployment);
      expect(deployment.finishedAt).not.toBeNull();
      for (const record of deployment.stages) expect(["SUCCEEDED", "FAILED", "SKIPPED"]).toContain(record.status);
    }),
    RUNS,
  );
});

test("no weight is ever sent to a side with fewer healthy targets than its minimum, unless it is there already", () => {
  fc.assert(
    fc.property(histories(["press", "abort", "sicken", "sickenOld", "killOld", "outside"]), (history) => {
      live(history, {
        onShift(world, step, observed) {
          if (isSame(world.weights, step.weights)) return;
          const healthy = world.sides[step.to].healthy;
          expect(healthy).toBeGreaterThanOrEqual(minimumHealthyFor(SETTINGS, observed, step.to));
          expect(healthy).toBeGreaterThan(0);
        },
      });
    }),
    RUNS,
  );
});

test("a deployment that was aborted, wherever it was, ends with the old side live", () => {
  fc.assert(
    fc.property(histories(["press", "abort"]), (history) => {
      const calm = { ...history, troubles: history.troubles.filter((t) => t !== "denied") };
      const { deployment, world, aborted } = live(calm, noCheck);
      if (!aborted) return;
      // An abort that came after the end changes nothing.
      if (deployment.status === "SUCCESSFUL") return;
      expect(world.weights).toEqual({ blue: 100, green: 0 });
      expect(["STOPPED", "ROLLBACK_SUCCESSFUL"]).toContain(deployment.status);
      const { testing } = history;
      const isBack = !testing || isSame(world.test, testing.held);
      expect(isBack || deployment.statusReason?.includes("test listener was not put back")).toBe(true);
    }),
    RUNS,
  );
});

test("a success means that the new side has all traffic, and without troubles no step is repeated", () => {
  fc.assert(
    fc.property(histories(["press"]), (history) => {
      const { deployment, world, steps } = live({ ...history, troubles: [] }, noCheck);
      if (deployment.status === "SUCCESSFUL") expect(world.weights).toEqual({ blue: 0, green: 100 });
      else expect(world.weights).toEqual({ blue: 100, green: 0 });
      const writes = steps.filter((step) => step.type !== "prove").map((step) => JSON.stringify(step));
      expect(new Set(writes).size).toBe(writes.length);
    }),
    RUNS,
  );
});

test("a smoke check that fails stops the release before any traffic moves, and the test listener goes back", () => {
  const held = { blue: 100, green: 0 };
  const { deployment, world, steps } = live({ ...CALM, kind: "RELEASE", testing: { held, status: 503 } }, noCheck);
  expect(deployment).toMatchObject({
    status: "STOPPED",
    statusReason: "http://t/ should answer 200; it answered 503 without a text",
  });
  expect(world.test).toEqual(held);
  expect(steps.map(({ type }) => type)).toEqual([
    "registerRevision",
    "startSide",
    "shiftTest",
    "smoke",
    "smoke",
    "smoke",
    "readEvidence",
    "shiftTest",
  ]);
});

test("a release that is switched leaves the test listener at its side", () => {
  const { deployment, world } = live({ ...CALM, testing: { held: { blue: 100, green: 0 }, status: 200 } }, noCheck);
  expect(deployment.status).toBe("SUCCESSFUL");
  expect(world.test).toEqual({ blue: 0, green: 100 });
  expect(deployment.stages.find(({ stage }) => stage === "POST_TEST_TRAFFIC_SHIFT")).toMatchObject({
    status: "SUCCEEDED",
    smoke: { ok: true, status: 200, url: "http://t/" },
  });
});

test("without troubles a gradual rollout writes exactly its steps, in order, and bakes between them", () => {
  fc.assert(
    fc.property(rollouts, fc.constantFrom<DeploymentKind>("RELEASE", "SWITCH"), (rollout, kind) => {
      const calm: History = { kind, coldTo: false, neverHealthy: false, rollout, troubles: [], moves: [] };
      const { deployment, steps } = live(calm, noCheck);
      expect(deployment.status).toBe("SUCCESSFUL");
      const planned = rolloutSteps(rollout, "green");
      const written = steps.flatMap((step) => (step.type === "shift" ? [step.weights] : []));
      expect(written).toEqual(planned.map(({ weights }) => weights));
      const made = deployment.steps ?? [];
      for (const [index, { shiftedAt, bakeUntil, bakeMinutes }] of made.entries()) {
        const next = made[index + 1];
        if (!next) expect(bakeUntil).toBeNull();
        else {
          expect(bakeUntil).toBeGreaterThanOrEqual((shiftedAt ?? 0) + bakeMinutes * 60_000);
          expect(next.shiftedAt).toBeGreaterThanOrEqual(bakeUntil ?? 0);
        }
      }
    }),
    { numRuns: 300 },
  );
});

test("weight that the new side got only grows until it has all of it, or goes back wholly at once", () => {
  fc.assert(
    fc.property(histories(["press", "abort", "sicken", "sickenOld"]), (history) => {
      let share = 0;
      live(history, {
        onShift(_world, step) {
          const next = step.weights.green / (step.weights.blue + step.weights.green);
          if (step.to === "green") expect(next).toBeGreaterThanOrEqual(share);
          else expect(step.weights).toEqual({ blue: 100, green: 0 });
          share = next;
        },
      });
    }),
    RUNS,
  );
});

test("whoever is asked to switch may: what the stages say and what the button says is the same", () => {
  let asked = 0;
  fc.assert(
    fc.property(histories(["press", "abort", "sicken"]), (history) => {
      live(
        { ...history, kind: "RELEASE", neverHealthy: false },
        {
          ...noCheck,
          onAsked(deployment, look) {
            asked += 1;
            const facts = { application: SETTINGS, observation: look, deployment, history: [], now: look.observedAt };
            expect(findSwitchBlockers(facts, deployment.to)).toEqual([]);
          },
        },
      );
    }),
    { numRuns: 500 },
  );
  expect(asked).toBeGreaterThan(30);
});

test("a side whose new revision does not come up is put back to what it ran", () => {
  const { deployment, world, steps } = live(
    { kind: "RELEASE", coldTo: false, neverHealthy: true, troubles: [], moves: [] },
    noCheck,
  );
  expect(deployment.status).toBe("STOPPED");
  expect(deployment.statusReason).toContain("not ready within 15 min");
  expect(world.sides.green.revision).toEqual(revision(2));
  expect(steps.map((step) => step.type)).toEqual(["registerRevision", "startSide", "readEvidence", "startSide"]);
});

test("a release that nobody switches ends after a day and leaves the healthy side as it is", () => {
  const waits = Array.from({ length: 4_000 }, (): Move => "wait");
  const { deployment, world } = live(
    { kind: "RELEASE", coldTo: false, neverHealthy: false, troubles: [], moves: waits },
    noCheck,
  );
  expect(deployment).toMatchObject({ status: "STOPPED", statusReason: "Nobody switched within 1440 min" });
  expect(world.sides.green.revision).toEqual(revision(3));
});
