import { expect, test } from "vitest";
import { type Baseline, findWorse, readBaseline } from "./baseline.ts";
import type { Figure } from "./figure.ts";

const BASELINE: Baseline = {
  commit: "abc1234",
  cores: 2,
  figures: {
    click: { value: 50, ratio: 5, better: "less" },
    rows: { value: 10_000, better: "more" },
  },
};
const figure = (name: string, value: number, limit?: number): Figure => ({
  name,
  value,
  unit: "ms",
  target: null,
  ...(limit === undefined ? {} : { limit }),
});

test.each<[string, Figure, string[]]>([
  ["as it was", figure("click", 50, 10), []],
  ["slower, as the machine is", figure("click", 500, 100), []],
  ["slower than the machine", figure("click", 1_082, 10), ["click: 108 times the physical limit, 5 at abc1234"]],
  ["slower, with no limit measured", figure("click", 1_082), ["click: 1080 ms, 50 at abc1234"]],
  ["fewer of what should be many", figure("rows", 1_000), ["rows: 1000 ms, 10000 at abc1234"]],
  ["more of what should be many", figure("rows", 100_000), []],
  ["none at all", figure("click", Number.NaN, 10), ["click: NaN times the physical limit, 5 at abc1234"]],
  ["new", figure("other", 1), []],
])("a figure that is %s", (_, measured, worse) => {
  expect(findWorse([measured], BASELINE)).toEqual(worse);
});

test("the committed baseline names the commit that it was taken at", async () => {
  const { commit, figures } = await readBaseline();
  expect(commit).toMatch(/^[0-9a-f]{7,40}$/);
  expect(Object.keys(figures).length).toBeGreaterThan(0);
});
