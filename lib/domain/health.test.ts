import { expect, test } from "vitest";
import { healthyCount, isWarm, neededHealthy, sideHealth, stableCount } from "./health.ts";
import type { Target, TargetHealthState } from "./slot.ts";

function target(state: TargetHealthState, consecutive = 5): Target {
  return { id: `10.0.0.${consecutive}`, port: 8081, state, since: 0, history: [], consecutive };
}

test.each([
  ["no target at all", [], 1, "empty"],
  ["only targets that are leaving", [target("draining")], 1, "empty"],
  [
    "one unhealthy beside enough healthy ones",
    [target("healthy"), target("healthy"), target("unhealthy")],
    2,
    "unhealthy",
  ],
  ["a group that no rule uses", [target("unused")], 1, "unhealthy"],
  ["fewer healthy ones than needed", [target("healthy"), target("initial")], 2, "too-few"],
  ["one that is still starting beside enough", [target("healthy"), target("initial")], 1, "settling"],
  ["healthy, but not for long enough", [target("healthy", 2), target("healthy")], 2, "settling"],
  ["all healthy for long enough", [target("healthy", 3), target("healthy")], 2, "healthy"],
  ["all healthy, another one draining", [target("healthy"), target("draining")], 1, "healthy"],
] as const)("a side with %s", (_name, targets, needed, expected) => {
  expect(sideHealth({ targets: [...targets] }, needed, 3)).toBe(expected);
});

test("counts healthy and stable targets apart", () => {
  const targets = [target("healthy", 1), target("healthy", 3), target("initial", 9)];
  expect(healthyCount(targets)).toBe(2);
  expect(stableCount(targets, 3)).toBe(1);
});

test("needs as many healthy targets as live has, never none", () => {
  expect(neededHealthy(null, 4)).toBe(4);
  expect(neededHealthy(2, 4)).toBe(2);
  expect(neededHealthy(null, 0)).toBe(1);
  expect(neededHealthy(0, 0)).toBe(1);
});

test("a side without a healthy target is never warm", () => {
  expect(isWarm({ targets: [target("unhealthy")] }, 0)).toBe(false);
  expect(isWarm({ targets: [target("healthy", 1)] }, 1)).toBe(true);
});
