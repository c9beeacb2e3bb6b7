import { describe, expect, test } from "vitest";
import { errorsOfGreen } from "../../testing/error-lines.ts";
import { deployment, NOW, observation } from "../../testing/facts.ts";
import { type Checks, DEFAULT_CHECKS } from "../application/checks.ts";
import type { Deployment, DeploymentKind } from "../deployment/deployment.ts";
import { advance, proofSeen, requestSwitch, shifted, shiftSent } from "../deployment/deployment-transitions.ts";
import { COMPARED_STALE_MS, type ComparedErrors } from "../observation/compared-errors.ts";
import { type SideMetrics, sideMetrics } from "../observation/side-metrics.ts";
import type { Weights } from "../observation/traffic.ts";
import { englishOf } from "../sentence/told.ts";
import { decide } from "./decide.ts";
import type { World } from "./decision.ts";

const BLUE: Weights = { blue: 100, green: 0 };
const GREEN: Weights = { blue: 0, green: 100 };
const SETTINGS = { minimumHealthy: null, stableChecks: 3, bakeMinutes: 10, requestLine: "x" };
const WATCHING = { ...SETTINGS, checks: DEFAULT_CHECKS, alarms: [] };
const PERIOD_MS = 10_000;

/** A deployment to green whose weights were written at NOW; a release that has been verified bakes. */
function afterShift(kind: DeploymentKind): Deployment {
  const isRelease = kind === "RELEASE";
  let one = deployment({ kind, ...(isRelease ? {} : { requested: null }) });
  if (isRelease) {
    while (one.stage !== "PRE_PRODUCTION_TRAFFIC_SHIFT") one = advance(one, NOW);
    one = requestSwitch(one, BLUE, NOW);
  }
  const written = shifted(shiftSent(one, BLUE, NOW), { attemptAt: NOW, alreadyThere: false, readBackMs: 5 }, NOW);
  if (!isRelease) return written;
  return proofSeen(written, { proof: { ruleReadBackMs: 5, proven: true }, isSettled: true }, 10, NOW);
}

/** Three periods later: what green answered since, and blue before. */
function worldOf(errors: number, settings: World["settings"] = WATCHING): World {
  const now = NOW + 3 * PERIOD_MS;
  const point = (at: number, requests: number, failed: number) => ({
    at,
    requests,
    errors: failed,
    p95Ms: requests > 0 ? 20 : null,
    averageMs: requests > 0 ? 10 : null,
  });
  const starts = [-2, -1, 0, 1, 2].map((index) => NOW + index * PERIOD_MS);
  const blue = starts.map((at) => point(at, at < NOW ? 100 : 0, 0));
  const green = starts.map((at) => point(at, at < NOW ? 0 : 100, at < NOW ? 0 : errors));
  return {
    now,
    settings,
    observation: observation({
      at: now,
      weights: GREEN,
      blue: { metrics: sideMetrics(blue, 10, now) },
      green: { metrics: sideMetrics(green, 10, now) },
    }),
  };
}

/** Decides until nothing but waiting or asking AWS is left. */
function settle(start: Deployment, world: World): Deployment {
  let one = start;
  for (let turn = 0; turn < 10; turn += 1) {
    const decision = decide(one, world);
    if (decision.kind !== "change") return one;
    one = decision.deployment;
  }
  throw new Error("It turns in circles");
}

test("a bake keeps the old side's figures and goes on while the new side holds its bounds", () => {
  const baking = settle(afterShift("RELEASE"), worldOf(0));
  expect(baking).toMatchObject({ status: "IN_PROGRESS", stage: "BAKE_TIME" });
  expect(baking.plan?.baseline).toEqual({ requests: 200, errors: 0, p95Ms: 20 });
  expect(decide(baking, worldOf(0))).toMatchObject({ kind: "wait" });
});

test("a broken bound turns the release round, and says which figure broke which bound", () => {
  const world = worldOf(20);
  const decision = decide(settle(afterShift("RELEASE"), worldOf(0)), world);
  const why = "green answered 20 % of its requests with 5xx (20 of 100); blue had 0 % (0 of 200), and 5 % is allowed";
  expect(decision.kind === "change" && englishOf(decision.note)).toBe(why);
  expect(decision).toMatchObject({
    kind: "change",
    deployment: {
      status: "ROLLBACK_REQUESTED",
      statusReason: `Rolled back by Switchyard: ${why}`,
      breach: { figure: "errorShare", measured: 0.2, bound: 0.05, samples: 100, at: world.now },
    },
  });
  const turning = settle(afterShift("RELEASE"), world);
  expect(turning.status).toBe("ROLLBACK_IN_PROGRESS");
  expect(decide(turning, world)).toMatchObject({ kind: "step", step: { type: "shift", to: "blue", weights: BLUE } });
});

test("a breach before verification turns a switch round as well", () => {
  const turned = settle(afterShift("SWITCH"), worldOf(20));
  expect(turned.status).toBe("ROLLBACK_IN_PROGRESS");
});

test("a rollback is never rolled back", () => {
  expect(settle(afterShift("ROLLBACK"), worldOf(90))).toMatchObject({ kind: "ROLLBACK", status: "IN_PROGRESS" });
});

test("nothing is watched where no checks are given", () => {
  expect(settle(afterShift("RELEASE"), worldOf(90, SETTINGS))).toMatchObject({ status: "IN_PROGRESS" });
});

test("the figures of before the shift outlive the series", () => {
  const baking = settle(afterShift("RELEASE"), worldOf(0));
  const late = worldOf(20);
  late.observation.slots.blue.metrics = null;
  expect(decide(baking, late)).toMatchObject({ deployment: { status: "ROLLBACK_REQUESTED" } });
});

describe("requests in the log count while the switch is verified, before any metric tells of them", () => {
  /** Written, and so many requests of green seen in its log so far; blue had 2 of 200 before, and no metric is newer. */
  function proving(requests: number, failedRequests: number, checks: Partial<Checks> = {}) {
    const world = worldOf(0, { ...WATCHING, checks: { ...DEFAULT_CHECKS, ...checks } });
    const { slots } = world.observation;
    const series = slots.blue.metrics?.series.slice(0, 2).map((point) => ({ ...point, errors: 1 })) ?? [];
    const known = (metrics: SideMetrics | null) => ({ ...world.observation.slots.green, metrics });
    const written = afterShift("SWITCH");
    const proof = { ruleReadBackMs: 5, proven: false, requests, failedRequests };
    return settle(
      { ...written, proof },
      {
        ...world,
        now: NOW + 8_000,
        observation: {
          ...world.observation,
          observedAt: NOW + 8_000,
          slots: { blue: { ...slots.blue, metrics: sideMetrics(series, 10, NOW) }, green: known(null) },
        },
      },
    );
  }

  test("too many of them turn it round, with the figures", () => {
    const turned = proving(60, 12);
    expect(turned.status).toBe("ROLLBACK_IN_PROGRESS");
    expect(turned.breach).toMatchObject({ figure: "errorShare", measured: 0.2, samples: 60 });
    expect(turned.breach?.message).toContain("(12 of 60); blue had 1 % (2 of 200)");
  });

  test.each<[string, number, number, Partial<Checks>]>([
    ["as few as the old side's do not", 60, 1, {}],
    ["too few requests to tell do not", 19, 19, {}],
    ["what chance may have done does not", 30, 4, {}],
    ["nor any where they are turned off", 60, 60, { requestLines: false }],
  ])("%s", (_what, requests, failed, checks) => {
    expect(proving(requests, failed, checks)).toMatchObject({ status: "IN_PROGRESS" });
    expect(proving(requests, failed, checks).breach ?? null).toBeNull();
  });
});

describe("kinds of error that only the new side writes", () => {
  const ASKED = { atLeast: 1, blockSwitch: true, rollBack: true };

  /** A bake with so many errors of green alone, as the newest comparison has them. */
  function baking(count: number, asked: Checks["errorKinds"], compared: Partial<ComparedErrors> = {}) {
    const start = settle(afterShift("RELEASE"), worldOf(0));
    const world = worldOf(0, { ...WATCHING, checks: { ...DEFAULT_CHECKS, errorKinds: asked } });
    const errorKinds = {
      at: world.now,
      about: start.id,
      look: 1,
      found: errorsOfGreen(count, 500),
      why: null,
      ...compared,
    };
    return settle(start, { ...world, observation: { ...world.observation, errorKinds } });
  }

  test("turn the release round where that is asked for, and it says how many and since when", () => {
    const turned = baking(40, ASKED);
    expect(turned.status).toBe("ROLLBACK_IN_PROGRESS");
    expect(turned.breach).toMatchObject({ figure: "errorKinds", bound: 0, measured: 1, samples: 40 });
    expect(turned.breach?.message).toMatch(
      /^1 error kind is only in green, or far more frequent there than in blue \(first \d\d:\d\d:\d\d UTC\), and 0 are allowed$/,
    );
  });

  test.each<[string, number, Checks["errorKinds"], Partial<ComparedErrors>]>([
    ["nothing comes of them unless asked for, however many lines somebody writes", 5000, null, {}],
    ["nor where they block a switch alone", 40, { ...ASKED, rollBack: false }, {}],
    ["nor of fewer kinds than are asked for", 40, { ...ASKED, atLeast: 2 }, {}],
    ["nor of what may be luck", 4, ASKED, {}],
    ["nor of an old comparison", 40, ASKED, { at: NOW + 3 * PERIOD_MS - COMPARED_STALE_MS - 1 }],
    ["nor of one from before the shift", 40, ASKED, { at: NOW - 1 }],
    ["nor of another deployment's", 40, ASKED, { about: "another" }],
    ["nor where the log did not answer", 40, ASKED, { found: null }],
  ])("%s", (_what, count, asked, compared) => {
    expect(baking(count, asked, compared)).toMatchObject({ status: "IN_PROGRESS", stage: "BAKE_TIME" });
  });
});
