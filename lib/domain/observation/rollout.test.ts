import fc from "fast-check";
import { expect, test } from "vitest";
import { inEnglish } from "../sentence/in-language.ts";
import {
  minutesSaid,
  ROLLOUT_STRATEGIES,
  type Rollout,
  rolloutSaid,
  rolloutSteps,
  usualRollout,
  weightsForShare,
} from "./rollout.ts";

const tenths = (min: number) => fc.integer({ min, max: 1000 }).map((value) => value / 10);
const rollouts: fc.Arbitrary<Rollout> = fc.oneof(
  fc.constant({ strategy: "ALL_AT_ONCE" as const }),
  fc.record({ strategy: fc.constant("CANARY" as const), percent: tenths(1), bakeMinutes: fc.nat(1440) }),
  fc.record({ strategy: fc.constant("LINEAR" as const), stepPercent: tenths(30), stepBakeMinutes: fc.nat(1440) }),
);

test("every share from 0.1 % in tenths is exact integers that a load balancer takes", () => {
  for (let share = 1; share <= 1000; share += 1) {
    const { blue, green } = weightsForShare("green", share / 10);
    for (const weight of [blue, green]) {
      expect(Number.isInteger(weight)).toBe(true);
      expect(weight).toBeGreaterThanOrEqual(0);
      expect(weight).toBeLessThanOrEqual(999);
    }
    expect(green * 1000).toBe(share * (blue + green));
  }
});

test("both sides' weights mirror each other", () => {
  expect(weightsForShare("blue", 0.1)).toEqual({ blue: 1, green: 999 });
  expect(weightsForShare("green", 99.9)).toEqual({ blue: 1, green: 999 });
  expect(weightsForShare("green", 5)).toEqual({ blue: 95, green: 5 });
  expect(weightsForShare("blue", 100)).toEqual({ blue: 100, green: 0 });
});

test("steps only grow, by what was asked, and end with everything and no bake", () => {
  fc.assert(
    fc.property(rollouts, (rollout) => {
      const steps = rolloutSteps(rollout, "green");
      const shares = steps.map(({ percent }) => percent);
      expect(shares).toEqual([...new Set(shares)].sort((a, b) => a - b));
      expect(steps.at(-1)).toMatchObject({ percent: 100, weights: { blue: 0, green: 100 }, bakeMinutes: 0 });
      if (rollout.strategy === "LINEAR") {
        expect(shares[0]).toBe(rollout.stepPercent);
        expect(steps.length).toBe(Math.ceil(Number((100 / rollout.stepPercent).toFixed(6))));
      }
    }),
  );
});

test.each([
  [{ strategy: "ALL_AT_ONCE" }, [100], "all at once"],
  [{ strategy: "CANARY", percent: 5, bakeMinutes: 10 }, [5, 100], "5 % for 10 min, then all"],
  [{ strategy: "CANARY", percent: 100, bakeMinutes: 10 }, [100], "all at once"],
  [{ strategy: "CANARY", percent: 0.1, bakeMinutes: 90 }, [0.1, 100], "0.1 % for 1 h 30 min, then all"],
  [{ strategy: "LINEAR", stepPercent: 25, stepBakeMinutes: 20 }, [25, 50, 75, 100], "25 % every 20 min, 1 h in all"],
  [
    { strategy: "LINEAR", stepPercent: 33.3, stepBakeMinutes: 1 },
    [33.3, 66.6, 99.9, 100],
    "33.3 % every 1 min, 3 min in all",
  ],
  [
    { strategy: "LINEAR", stepPercent: 10, stepBakeMinutes: 6 },
    [10, 20, 30, 40, 50, 60, 70, 80, 90, 100],
    "10 % every 6 min, 54 min in all",
  ],
] as const)("%j has the steps %j: %s", (rollout, shares, words) => {
  expect(rolloutSteps(rollout, "green").map(({ percent }) => percent)).toEqual(shares);
  expect(inEnglish(rolloutSaid(rollout))).toBe(words);
});

test("every strategy has ECS's own numbers where none are given", () => {
  expect(ROLLOUT_STRATEGIES.map(usualRollout)).toEqual([
    { strategy: "ALL_AT_ONCE" },
    { strategy: "CANARY", percent: 5, bakeMinutes: 10 },
    { strategy: "LINEAR", stepPercent: 10, stepBakeMinutes: 6 },
  ]);
});

test.each([
  [0, "0 min"],
  [0.1, "6 s"],
  [0.5, "30 s"],
  [1.5, "1 min 30 s"],
  [60, "1 h"],
  [1440, "24 h"],
])("%s minutes are %s", (minutes, words) => {
  expect(inEnglish(minutesSaid(minutes))).toBe(words);
});
