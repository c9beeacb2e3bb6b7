import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deployment, facts, NOW, observation, slot, target } from "../../testing/facts.ts";
import { advance, withPlan } from "../deployment/deployment-transitions.ts";
import { SLOT_COLORS } from "../observation/slot.ts";
import { findSideBlockers, findSwitchBlockers, STALE_AFTER_MS } from "./switch-rules.ts";

const codes = (...args: Parameters<typeof findSwitchBlockers>) => findSwitchBlockers(...args).map((b) => b.code);

test("nothing blocks a switch to a healthy, stable side of the same size", () => {
  expect(findSwitchBlockers(facts(), "green")).toEqual([]);
});

describe("a switch to green is refused", () => {
  const one = [target("10.0.2.1")];
  const cases: [string, Parameters<typeof observation>[0], string][] = [
    [
      "while green runs nothing",
      { green: { counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 }, targets: [] } },
      "STANDBY_EMPTY",
    ],
    [
      "while green is asked to run nothing, though its tasks still serve",
      { green: { counts: { desired: 0, running: 2, pending: 0, healthy: 2, total: 2 } } },
      "STANDBY_EMPTY",
    ],
    ["while green has no revision", { green: { revision: null } }, "STANDBY_EMPTY"],
    [
      "while a green target is unhealthy",
      { green: { targets: [target("a"), target("b"), target("c", "unhealthy", 9, "Target.Timeout")] } },
      "STANDBY_NOT_HEALTHY",
    ],
    [
      "while a green target is still initial",
      { green: { targets: [target("a"), target("b"), target("c", "initial")] } },
      "STANDBY_NOT_HEALTHY",
    ],
    [
      "while green's group is in no rule",
      { green: { targets: [target("a", "unused", 9, "Target.NotInUse")] } },
      "STANDBY_NOT_HEALTHY",
    ],
    ["while green has fewer healthy targets than blue", { green: { targets: one } }, "STANDBY_TOO_SMALL"],
    [
      "while a green target was healthy in 2 of 3 checks",
      { green: { targets: [target("a", "healthy", 2), target("b")] } },
      "STANDBY_NOT_STABLE",
    ],
    [
      "while ECS rolls green out",
      { green: { rollout: { id: "r", state: "IN_PROGRESS", failedTasks: 0 } } },
      "STANDBY_ROLLING_OUT",
    ],
    ["while the listener forwards elsewhere", { drift: "It also forwards to other-tg" }, "LISTENER_DRIFT"],
    ["while neither side has weight", { weights: { blue: 0, green: 0 } }, "LISTENER_UNKNOWN"],
    ["while traffic is split", { weights: { blue: 80, green: 20 } }, "TRAFFIC_SPLIT"],
    ["while green is live already", { weights: { blue: 0, green: 100 } }, "ALREADY_LIVE"],
    ["while the look at AWS is old", { at: NOW - STALE_AFTER_MS - 1 }, "OBSERVATION_STALE"],
  ];
  test.each(cases)("%s", (_name, world, code) => {
    expect(codes(facts(observation(world)), "green")).toContain(code);
  });

  test("while a deployment is in flight, but not while its own release waits for it", () => {
    const release = deployment();
    expect(codes(facts(observation(), { deployment: release }), "green")).toContain("DEPLOYMENT_IN_FLIGHT");
    expect(findSwitchBlockers(facts(observation(), { deployment: release }), "green")[0]?.message).toMatch(
      /^A release to green is in flight \([a-z ]+\)$/,
    );
    let waiting = release;
    while (waiting.stage !== "PRE_PRODUCTION_TRAFFIC_SHIFT") waiting = advance(waiting, NOW);
    expect(codes(facts(observation(), { deployment: waiting }), "green")).toEqual([]);
    const stopping = withPlan({ ...waiting, status: "STOP_REQUESTED" }, {});
    expect(codes(facts(observation(), { deployment: stopping }), "green")).toContain("DEPLOYMENT_IN_FLIGHT");
  });

  test.each([
    [9_000, false],
    [11_000, true],
  ])("while health is %i ms old because its source fails: %s", (ageMs, isRefused) => {
    const look = observation();
    const sources = look.sources.map((s) => (s.name === "elb" ? { ...s, state: "error" as const, ageMs } : s));
    expect(codes(facts({ ...look, sources }), "green").includes("OBSERVATION_STALE")).toBe(isRefused);
  });

  test("while a source has been silent for too long, naming it", () => {
    const look = observation();
    const sources = look.sources.map((s) =>
      s.name === "elb" ? { ...s, state: "error" as const, ageMs: 60_000, message: "Not allowed" } : s,
    );
    const [blocker] = findSwitchBlockers(facts({ ...look, sources }), "green");
    expect(blocker?.code).toBe("OBSERVATION_STALE");
    expect(blocker?.message).toContain("elb");
    expect(blocker?.message).toContain("Not allowed");
  });
});

test("a configured minimum counts instead of live's size, and is never zero", () => {
  const green = { targets: [target("a")] };
  const bounds = (minimumHealthy: number) => ({ application: { minimumHealthy, stableChecks: 3 } });
  expect(codes(facts(observation({ green }), bounds(1)), "green")).toEqual([]);
  expect(codes(facts(observation({ green }), bounds(2)), "green")).toContain("STANDBY_TOO_SMALL");
  const sick = observation({ blue: { targets: [] }, green: { targets: [target("a", "unhealthy")] } });
  expect(codes(facts(sick, bounds(0)), "green")).toContain("STANDBY_TOO_SMALL");
});

test("a side without any registered target is empty, however many tasks it wants: it would answer 503", () => {
  const [blocker, ...others] = findSwitchBlockers(facts(observation({ green: { targets: [] } })), "green");
  expect(blocker).toMatchObject({ code: "STANDBY_EMPTY", message: expect.stringContaining("503") });
  expect(others).toEqual([]);
});

describe("stable means healthy over as many of the target group's own check intervals as are configured", () => {
  const healthyFor = (seconds: number) => ({ ...target("a"), unbrokenSince: NOW - seconds * 1000 });
  const blocker = (intervalSeconds: number | undefined, seconds: number) => {
    const healthCheck = intervalSeconds === undefined ? undefined : { path: "/", intervalSeconds };
    const green = {
      targets: [healthyFor(seconds), { ...target("b"), unbrokenSince: 0 }].map((each) => ({
        ...each,
        consecutive: 900,
      })),
      healthCheck,
    };
    const blockers = findSwitchBlockers(facts(observation({ green })), "green");
    return blockers.find(({ message }) => message.includes("a:8081")) ?? null;
  };

  test.each<[number | undefined, number, string | null]>([
    [5, 14, "a:8081 on green is healthy for 14 s of 15 s"],
    [5, 15, null],
    [30, 42, "a:8081 on green is healthy for 42 s of 90 s"],
    [30, 90, null],
    [300, 600, "a:8081 on green is healthy for 600 s of 900 s"],
    [undefined, 89, "a:8081 on green is healthy for 89 s of 90 s"],
  ])("checked every %s s, healthy for %i s, however many looks there were", (interval, seconds, message) => {
    expect(blocker(interval, seconds)?.message ?? null).toBe(message);
    if (message) expect(blocker(interval, seconds)?.code).toBe("STANDBY_NOT_STABLE");
  });

  test("what was live before only has to be seen healthy a few times", () => {
    const green = { targets: [healthyFor(4), healthyFor(4)].map((each) => ({ ...each, consecutive: 3 })) };
    const application = { minimumHealthy: null, stableChecks: 3 };
    const sides = { application, observation: observation({ green }) };
    expect(findSideBlockers(sides, "green").map(({ code }) => code)).toEqual(["STANDBY_NOT_STABLE"]);
    expect(findSideBlockers(sides, "green", { isWayBack: true })).toEqual([]);
  });
});

describe("health counts only when it was seen often enough since the last write", () => {
  const heldFrom = (heldSince: number) => [target("a"), target("b")].map((each) => ({ ...each, heldSince }));
  const moved = { ...deployment({ requested: null, kind: "SWITCH" }), status: "SUCCESSFUL" as const };
  const history = [
    withPlan(moved, { shift: { to: "blue", expected: { blue: 0, green: 100 }, sentAt: NOW, readBackMs: 5 } }),
  ];
  const look = (heldSince: number) => observation({ at: NOW + 9_000, green: { targets: heldFrom(heldSince) } });
  const later = { history, now: NOW + 9_000 };

  test.each([
    ["all of them before the write", NOW - 60_000, ["STANDBY_NOT_STABLE"]],
    ["the oldest at the very time of its read-back", NOW + 5, ["STANDBY_NOT_STABLE"]],
    ["all of them after the read-back", NOW + 6, []],
  ])("%s", (_name, heldSince, expected) => {
    expect(codes(facts(look(heldSince), later), "green")).toEqual(expected);
  });

  test("without any write on record every observation counts", () => {
    expect(codes(facts(look(0), { ...later, history: [] }), "green")).toEqual([]);
  });
});

describe("a target that turned unhealthy", () => {
  const spans = (...states: string[]) =>
    states.map((state, i) => ({ at: NOW - 600_000 + i, state: state as "healthy" }));
  test.each([
    ["once and got well is no reason to wait", ["healthy", "unhealthy", "healthy"], []],
    ["never, for it began ill", ["initial", "unhealthy", "healthy"], []],
    ["twice flaps", ["healthy", "unhealthy", "healthy", "unhealthy", "healthy"], ["STANDBY_FLAPPING"]],
    [
      "twice, whatever came in between",
      ["healthy", "unavailable", "unhealthy", "healthy", "initial", "unhealthy", "healthy"],
      ["STANDBY_FLAPPING"],
    ],
  ])("%s", (_name, states, expected) => {
    const targets = [target("a"), { ...target("b"), history: spans(...states) }];
    expect(codes(facts(observation({ green: { targets } })), "green")).toEqual(expected);
  });
});

test("a group that no rule names is told with its fix", () => {
  const targets = [target("a", "unused", 9, "Target.NotInUse"), target("b", "unused", 9, "Target.NotInUse")];
  const blockers = findSwitchBlockers(facts(observation({ green: { targets } })), "green");
  expect(blockers[0]?.fix).toContain("put it into the forward action with weight 0");
});

test("targets on their way out neither count nor block", () => {
  const targets = [target("a"), target("b"), target("c", "draining"), target("d", "unhealthy.draining")];
  expect(codes(facts(observation({ green: { targets } })), "green")).toEqual([]);
});

test("whatever the world, no switch is open to a side without enough healthy targets, and every blocker is a sentence", () => {
  const state = fc.constantFrom("initial", "healthy", "unhealthy", "unused", "draining", "unavailable" as const);
  const targets = fc
    .array(fc.tuple(state, fc.nat(6)), { maxLength: 5 })
    .map((all) => all.map(([s, n], i) => target(`t${i}`, s as "healthy", n)));
  const weight = fc.constantFrom(0, 1, 50, 100, 999);
  fc.assert(
    fc.property(
      targets,
      targets,
      weight,
      weight,
      fc.option(fc.integer({ min: 1, max: 4 })),
      fc.constantFrom(...SLOT_COLORS),
      (b, g, wb, wg, minimumHealthy, to) => {
        const look = observation({
          weights: { blue: wb, green: wg },
          blue: slot("blue", { targets: b }),
          green: slot("green", { targets: g }),
        });
        const blockers = findSwitchBlockers(facts(look, { application: { minimumHealthy, stableChecks: 3 } }), to);
        for (const blocker of blockers) expect(blocker.message.length).toBeGreaterThan(10);
        const healthy = look.slots[to].counts.healthy;
        const other = look.slots[to === "blue" ? "green" : "blue"].counts.healthy;
        if (healthy < Math.max(1, minimumHealthy ?? other)) expect(blockers).not.toEqual([]);
      },
    ),
  );
});
