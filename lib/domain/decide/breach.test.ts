import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NOW, observation, revision, target } from "../../testing/facts.ts";
import { DEFAULT_CHECKS } from "../application/checks.ts";
import { type MetricPoint, sideMetrics, type WatchedAlarm } from "../observation/side-metrics.ts";
import type { Slot, Target, Task } from "../observation/slot.ts";
import { type BreachSettings, findBreach, type SinceShift, takeBaseline } from "./breach.ts";

const PERIOD_MS = 10_000;
const SENT_AT = NOW - 5 * PERIOD_MS;
const SETTINGS: BreachSettings = { alarms: ["library-5xx"], checks: DEFAULT_CHECKS, stableChecks: 3 };

const BASELINE = { requests: 400, errors: 0, p95Ms: 20 };
const SICK = { requests: 400, errors: 240, p95Ms: 20 };
const OFF = { maxErrorShare: null, errorShareMargin: null };
const SCALED_IN = {
  stopCode: "ServiceSchedulerInitiated",
  stoppedReason: "Scaling activity initiated by (deployment x)",
};
const OTHER = { taskDefinition: "arn:aws:ecs:x:1:task-definition/library:1" };

interface Period {
  requests: number;
  errors?: number;
  loadBalancerErrors?: number;
  p95Ms?: number | null;
}

const usual = (requests: number) => (requests > 0 ? 20 : null);

/** Metrics whose last period ends now; the shift was made five periods ago. */
function metrics(since: readonly Period[], before: readonly Period[] = []) {
  const all = [...before, ...since];
  const series: MetricPoint[] = all.map(({ errors = 0, p95Ms, ...period }, index) => ({
    ...period,
    at: NOW - (all.length - index) * PERIOD_MS,
    errors,
    p95Ms: p95Ms === undefined ? usual(period.requests) : p95Ms,
    averageMs: null,
  }));
  return sideMetrics(series, PERIOD_MS / 1000, NOW);
}

const counted = (desired: number, running: number) => ({
  desired,
  running,
  pending: 0,
  healthy: running,
  total: running,
});

const five = (period: Period): Period[] => Array.from({ length: 5 }, () => period);

function breachOf(
  green: Partial<Slot>,
  options: {
    blue?: Partial<Slot>;
    alarms?: WatchedAlarm[];
    settings?: Partial<BreachSettings>;
    checks?: Partial<BreachSettings["checks"]>;
    since?: Partial<SinceShift>;
  } = {},
) {
  const look = observation({ weights: { blue: 0, green: 100 }, blue: options.blue, green });
  const checks = { ...DEFAULT_CHECKS, ...options.checks };
  const since = { to: "green", sentAt: SENT_AT, baseline: BASELINE, ...options.since } as const;
  return findBreach(
    { ...look, watchedAlarms: options.alarms },
    { ...SETTINGS, checks, ...options.settings },
    since,
    NOW,
  );
}

describe("5xx share", () => {
  test.each<[string, Period[], Partial<BreachSettings["checks"]>, SinceShift["baseline"], boolean]>([
    ["one in five of forty", [{ requests: 40, errors: 8 }], {}, BASELINE, true],
    ["none", five({ requests: 40 }), {}, BASELINE, false],
    ["one in forty, which chance can do", [{ requests: 40, errors: 1 }], {}, BASELINE, false],
    ["six in a hundred, not surely above five", [{ requests: 100, errors: 6 }], {}, BASELINE, false],
    ["six in a hundred for long", five({ requests: 1000, errors: 80 }), {}, BASELINE, true],
    ["all of too few", [{ requests: 19, errors: 19 }], {}, BASELINE, false],
    ["all of just enough", [{ requests: 20, errors: 20 }], {}, BASELINE, true],
    ["as many as the old side had", five({ requests: 100, errors: 20 }), {}, { ...BASELINE, errors: 80 }, false],
    ["many more than the old side's many", five({ requests: 100, errors: 45 }), {}, { ...BASELINE, errors: 80 }, true],
    ["more than half, nothing to compare with", [{ requests: 40, errors: 35 }], {}, null, true],
    ["one in five, nothing to compare with", [{ requests: 40, errors: 8 }], {}, null, false],
    ["one in five where a tenth is the most", [{ requests: 60, errors: 12 }], { maxErrorShare: 0.05 }, null, true],
    ["one in five with both checks off", [{ requests: 40, errors: 8 }], OFF, BASELINE, false],
    ["all with both checks off", [{ requests: 40, errors: 40 }], OFF, BASELINE, false],
    [
      "errors that begin late",
      [...five({ requests: 1000 }).slice(1), { requests: 40, errors: 12 }],
      {},
      BASELINE,
      true,
    ],
    ["spread over quiet periods", five({ requests: 8, errors: 2 }), {}, BASELINE, true],
    ["a side as bad as the old one, above the most", five({ requests: 99, errors: 60 }), {}, SICK, false],
  ])("%s", (_name, since, checks, baseline, isBreach) => {
    const breach = breachOf({ metrics: metrics(since) }, { checks, since: { baseline } });
    expect(breach?.figure).toBe(isBreach ? "errorShare" : undefined);
  });

  test("says measure, samples, comparison and bound", () => {
    expect(breachOf({ metrics: metrics([{ requests: 40, errors: 8 }]) })).toMatchObject({
      figure: "errorShare",
      bound: 0.05,
      measured: 0.2,
      samples: 40,
      message: "green answered 20 % of its requests with 5xx (8 of 40); blue had 0 % (0 of 400), and 5 % is allowed",
    });
  });

  test("counts what the load balancer answered itself, and says so", () => {
    const look = metrics([{ requests: 60, errors: 30, loadBalancerErrors: 28 }]);
    expect(breachOf({ metrics: look })?.message).toBe(
      "green answered 50 % of its requests with 5xx (30 of 60, 28 of them by the load balancer itself); blue had 0 % (0 of 400), and 5 % is allowed",
    );
  });

  test("compares with the old side's requests of the same time where both have traffic", () => {
    const failing = five({ requests: 40, errors: 12 });
    expect(breachOf({ metrics: metrics(failing) })?.figure).toBe("errorShare");
    expect(breachOf({ metrics: metrics(failing) }, { blue: { metrics: metrics(failing) } })).toBeNull();
  });

  test("leaves out what came before the shift, but for the period in which it was made", () => {
    const sick = { requests: 100, errors: 100 };
    const well = five({ requests: 100 });
    expect(breachOf({ metrics: metrics(well, [sick, sick]) })).toBeNull();
    const since = { sentAt: SENT_AT - PERIOD_MS / 2 };
    expect(breachOf({ metrics: metrics(well, [sick, sick]) }, { since })?.figure).toBe("errorShare");
  });

  test("tells nothing without metrics", () => {
    expect(breachOf({ metrics: null })).toBeNull();
    expect(breachOf({})).toBeNull();
  });
});

describe("response time", () => {
  test.each<[string, Period[], Partial<BreachSettings["checks"]>, SinceShift["baseline"], boolean]>([
    ["four times as long", five({ requests: 40, p95Ms: 400 }), {}, { ...BASELINE, p95Ms: 100 }, true],
    ["three times as long", five({ requests: 40, p95Ms: 300 }), {}, { ...BASELINE, p95Ms: 100 }, false],
    ["ten times as long, and still quick", five({ requests: 40, p95Ms: 20 }), {}, { ...BASELINE, p95Ms: 2 }, false],
    ["one slow period", [...five({ requests: 40 }).slice(1), { requests: 40, p95Ms: 150 }], {}, BASELINE, false],
    ["a single period", [{ requests: 40, p95Ms: 900 }], {}, BASELINE, false],
    ["too few requests", five({ requests: 3, p95Ms: 900 }), {}, BASELINE, false],
    ["the check off", five({ requests: 40, p95Ms: 900 }), { responseTimeFactor: null }, BASELINE, false],
    ["nothing to compare with", five({ requests: 40, p95Ms: 900 }), {}, null, false],
  ])("%s", (_name, since, checks, baseline, isBreach) => {
    const breach = breachOf({ metrics: metrics(since) }, { checks, since: { baseline } });
    expect(breach?.figure).toBe(isBreach ? "responseTime" : undefined);
  });

  test("says measure, samples, comparison and bound", () => {
    expect(breachOf({ metrics: metrics(five({ requests: 40, p95Ms: 400 })) })).toMatchObject({
      figure: "responseTime",
      bound: 120,
      measured: 400,
      samples: 80,
      message:
        "green takes 400 ms to answer (95th percentile of 80 requests); blue took 20 ms (of 400), and 120 ms is allowed",
    });
  });
});

describe("targets and tasks", () => {
  const sick = (changes: Partial<Target> = {}): Target => ({
    ...target("10.0.2.1", "unhealthy", 15, "Target.Timeout"),
    since: SENT_AT + 1000,
    ...changes,
  });

  test.each<[string, Target, boolean]>([
    ["became unhealthy since the shift", sick(), true],
    ["was unhealthy before it", sick({ since: SENT_AT - 1 }), false],
    ["is unhealthy for a moment, as when its task is replaced", sick({ since: NOW - 5000 }), false],
    ["was seen so too seldom", sick({ consecutive: 2 }), false],
    ["is on its way out", sick({ state: "unhealthy.draining" }), false],
    ["is new", sick({ state: "initial" }), false],
  ])("a target that %s", (_name, one, isBreach) => {
    const breach = breachOf({ targets: [one, target("10.0.2.2")] });
    if (!isBreach) return expect(breach).toBeNull();
    expect(breach).toMatchObject({
      figure: "unhealthyTargets",
      bound: 0,
      measured: 1,
      samples: 2,
      message: "1 of 2 targets of green became unhealthy since the shift: 10.0.2.1:8081 is unhealthy (Target.Timeout)",
    });
  });

  test("targets that became as unhealthy on the old side are not the new revision's fault", () => {
    const both = [sick(), target("10.0.2.2")];
    expect(breachOf({ targets: both }, { blue: { targets: both } })).toBeNull();
    expect(breachOf({ targets: [sick(), sick()] }, { blue: { targets: both } })?.figure).toBe("unhealthyTargets");
    expect(breachOf({ targets: both }, { blue: { targets: [] } })?.figure).toBe("unhealthyTargets");
  });

  test.each<[string, Partial<Slot>, Partial<Slot>, boolean]>([
    ["none is left of two", { counts: counted(2, 0), targets: [] }, {}, true],
    ["none is left but one that drains", { counts: counted(2, 1), targets: [target("x", "draining")] }, {}, true],
    ["none is registered yet of tasks that all run", { counts: counted(2, 2), targets: [] }, {}, false],
    ["none is left on either side", { counts: counted(2, 0), targets: [] }, { targets: [] }, false],
  ])("targets of which %s", (_name, green, blue, isBreach) => {
    expect(breachOf(green, { blue })?.message).toBe(
      isBreach ? "green has no target left: the load balancer answers every request to it with 503" : undefined,
    );
  });

  const ended = (id: string, changes: Partial<Task> = {}): Task => ({
    arn: id,
    id,
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    healthStatus: "UNKNOWN",
    startedAt: SENT_AT - 60_000,
    createdAt: SENT_AT - 60_000,
    stoppedAt: NOW - 1000,
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [],
    taskDefinition: revision(2).taskDefinition,
    address: null,
    ...changes,
  });

  const many = (count: number, changes: Partial<Task> = {}) =>
    Array.from({ length: count }, (_, index) => ended(`t${index}`, changes));

  test.each<[string, Task[], boolean]>([
    ["three ended by themselves", many(3), true],
    ["two did", many(2), false],
    ["three did before the shift", many(3, { stoppedAt: SENT_AT - 1 }), false],
    ["three were scaled in", many(3, SCALED_IN), false],
    ["three of another revision", many(3, OTHER), false],
  ])("tasks of which %s", (_name, tasks, isBreach) => {
    expect(breachOf({ tasks })?.message).toBe(
      isBreach
        ? "3 tasks of green ended by themselves since the shift, and 2 are allowed; the newest: Essential container in task exited"
        : undefined,
    );
  });

  test.each([
    [1, 3],
    [6, 3],
    [10, 5],
    [200, 100],
    [1000, 200],
  ])("of %i wanted tasks it takes the %i that ECS's circuit breaker would take", (desired, exits) => {
    const counts = { desired, running: desired, pending: 0, healthy: desired, total: desired };
    expect(breachOf({ counts, tasks: many(exits - 1) })).toBeNull();
    expect(breachOf({ counts, tasks: many(exits) })).toMatchObject({ figure: "taskExits", bound: exits - 1 });
  });

  test("an old side that lost as large a part of its tasks since the shift clears the new revision", () => {
    const counts = { desired: 10, running: 10, pending: 0, healthy: 10, total: 10 };
    const old = many(5, { taskDefinition: revision(1).taskDefinition });
    const before = many(5, { taskDefinition: revision(1).taskDefinition, stoppedAt: SENT_AT - 1 });
    expect(breachOf({ counts, tasks: many(5) }, { blue: { counts, tasks: old } })).toBeNull();
    expect(breachOf({ counts, tasks: many(6) }, { blue: { counts, tasks: old } })?.figure).toBe("taskExits");
    expect(breachOf({ counts, tasks: many(5) }, { blue: { counts, tasks: before } })?.figure).toBe("taskExits");
  });
});

describe("alarms", () => {
  const red = { name: "library-5xx", state: "ALARM", reason: "Threshold Crossed", since: SENT_AT + 1 } as const;

  test.each<[string, WatchedAlarm, boolean]>([
    ["goes off since the shift", red, true],
    ["went off before it", { ...red, since: SENT_AT - 1 }, false],
    ["is red since nobody knows when", { ...red, since: null }, true],
    ["is not this application's", { ...red, name: "other" }, false],
    ["has too little data", { ...red, state: "INSUFFICIENT_DATA" }, false],
    ["does not exist", { ...red, state: "MISSING" }, false],
  ])("an alarm that %s", (_name, alarm, isBreach) => {
    const breach = breachOf({}, { alarms: [alarm] });
    expect(breach?.message).toBe(isBreach ? "The alarm library-5xx went off: Threshold Crossed" : undefined);
  });
});

describe("baseline", () => {
  test("is what the side served in whole periods before the shift", () => {
    const side = metrics(five({ requests: 7 }), [
      { requests: 10, errors: 1, p95Ms: 10 },
      { requests: 30, errors: 1, p95Ms: 30 },
    ]);
    expect(takeBaseline({ metrics: side }, SENT_AT)).toEqual({ requests: 40, errors: 2, p95Ms: 25 });
    expect(takeBaseline({ metrics: side }, SENT_AT - 1)).toEqual({ requests: 10, errors: 1, p95Ms: 10 });
  });

  test("is unknown without requests or metrics", () => {
    expect(takeBaseline({ metrics: null }, NOW)).toBeNull();
    expect(takeBaseline({ metrics: metrics(five({ requests: 0 })) }, NOW)).toBeNull();
  });
});

describe("in whatever world", () => {
  const period = fc
    .record({ requests: fc.nat(500), share: fc.double({ min: 0, max: 1, noNaN: true }), p95Ms: fc.nat(2000) })
    .map(({ requests, share, p95Ms }) => ({
      requests,
      errors: Math.floor(requests * share),
      p95Ms: requests > 0 ? p95Ms : null,
    }));
  const periods = fc.array(period, { minLength: 5, maxLength: 5 });
  const baselines = fc.option(
    fc
      .record({ requests: fc.nat(5000), errors: fc.nat(5000), p95Ms: fc.option(fc.nat(2000)) })
      .map((one) => ({ ...one, errors: Math.min(one.errors, one.requests) })),
  );

  test("a side exactly as the old one at the same time breaks no bound", () => {
    fc.assert(
      fc.property(period, baselines, (usual, baseline) => {
        // With fewer, the old side's are not compared with.
        fc.pre(usual.requests * 5 >= DEFAULT_CHECKS.minimumSamples);
        const same = metrics(five(usual));
        expect(breachOf({ metrics: same }, { blue: { metrics: same }, since: { baseline } })).toBeNull();
      }),
    );
  });

  test("a side without errors that answers as quickly as the old one breaks no bound", () => {
    fc.assert(
      fc.property(periods, baselines, (points, baseline) => {
        const well = points.map((one) => ({
          ...one,
          errors: 0,
          p95Ms: one.requests > 0 ? (baseline?.p95Ms ?? 0) : null,
        }));
        expect(breachOf({ metrics: metrics(well) }, { since: { baseline } })).toBeNull();
      }),
    );
  });

  test("fewer requests than the minimum tell nothing", () => {
    fc.assert(
      fc.property(periods, baselines, (points, baseline) => {
        const few = points.map((one) => ({
          ...one,
          requests: one.requests % 4,
          errors: Math.min(one.errors, one.requests % 4),
        }));
        expect(breachOf({ metrics: metrics(few) }, { since: { baseline } })).toBeNull();
      }),
    );
  });

  test("every breach was measured above its bound, on enough samples, and is told with both", () => {
    fc.assert(
      fc.property(periods, periods, baselines, (green, blue, baseline) => {
        const breach = breachOf({ metrics: metrics(green) }, { blue: { metrics: metrics(blue) }, since: { baseline } });
        if (!breach) return;
        expect(breach.measured ?? 0).toBeGreaterThan(breach.bound ?? Number.POSITIVE_INFINITY);
        expect(breach.samples).toBeGreaterThanOrEqual(DEFAULT_CHECKS.minimumSamples);
        expect(breach.message).toContain(`${breach.samples}`);
        expect(breach.message).toMatch(/allowed$/);
      }),
    );
  });

  test("all the newest requests failing, where the old side's succeed, is always a breach", () => {
    fc.assert(
      fc.property(periods, fc.integer({ min: 20, max: 500 }), (points, requests) => {
        const failing = [...points.slice(1), { requests, errors: requests, p95Ms: 20 }];
        expect(breachOf({ metrics: metrics(failing) })?.figure).toBe("errorShare");
      }),
    );
  });
});
