import { expect, test } from "vitest";
import { LevelCounts, levelOf, withLevel } from "./level-counts.ts";
import { NO_LEVELS } from "./log-view.ts";

test("what is shown is the sum of the panes that are there, told only when it changes", () => {
  const counts = new LevelCounts();
  let told = 0;
  counts.subscribe(() => {
    told += 1;
  });
  counts.set("blue", { ...NO_LEVELS, error: 2, info: 5 });
  counts.set("green", { ...NO_LEVELS, error: 1 });
  expect(counts.total()).toEqual({ ...NO_LEVELS, error: 3, info: 5 });
  const before = counts.total();
  counts.set("green", { ...NO_LEVELS, error: 1 });
  expect(counts.total()).toBe(before);
  expect(told).toBe(2);
  counts.set("blue", null);
  expect(counts.total()).toEqual({ ...NO_LEVELS, error: 1 });
});

test.each([
  ["", "error", "level:error", "error"],
  ["level:warn task:3e91", "error", "level:error task:3e91", "error"],
  ["loan  level:WARNING", "error", "level:error loan", "error"],
  ["level:error loan", null, "loan", null],
  ["loan", null, "loan", null],
  ["-level:debug", "warn", "level:warn -level:debug", "warn"],
] as const)("%j with level %s is %j", (filter, level, changed, read) => {
  expect(withLevel(filter, level)).toBe(changed);
  expect(levelOf(changed)).toBe(read);
});

test.each([
  ["level:warning", "warn"],
  ["/level:error/", null],
  ["level:nothing", null],
  ["sublevel:error", null],
] as const)("%j asks for %s", (filter, level) => {
  expect(levelOf(filter)).toBe(level);
});
