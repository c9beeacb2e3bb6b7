import { expect, it } from "vitest";
import { formatMilliseconds, formatRate, formatShare } from "./format-figure.ts";
import { sparkPath } from "./sparkline.tsx";

it("draws from the ground to the top", () => {
  expect(sparkPath([0, 5, 10], 10)).toBe("M0 22.5L50 12L100 1.5");
});

it("leaves out what is not known, and makes a dot of what stands alone", () => {
  expect(sparkPath([10, null, 10, null, 0], 10)).toBe("M0 1.5h0M50 1.5h0M100 22.5h0");
  expect(sparkPath([null, 10, 10], 10)).toBe("M50 1.5L100 1.5");
  expect(sparkPath([], 10)).toBe("");
});

it("writes figures with the precision they are compared at", () => {
  expect([0, 0.04, 3.14, 213.6].map(formatRate)).toEqual(["0", "0.0", "3.1", "214"]);
  expect([0, 0.0413, 1].map(formatShare)).toEqual(["0.0 %", "4.1 %", "100.0 %"]);
  expect([3.42, 9.97, 38.4, 1240].map(formatMilliseconds)).toEqual(["3.4 ms", "10 ms", "38 ms", "1.2 s"]);
});
