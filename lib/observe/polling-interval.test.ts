import fc from "fast-check";
import { expect, test } from "vitest";
import { pollingIntervals } from "./polling-interval.ts";

const pace = { perSecond: 5, fastMs: 1000, idleMs: 10_000 };

test("one application that somebody watches is read every second, one that nobody watches every ten", () => {
  const intervals = pollingIntervals({ ...pace, calls: { focus: 3, overview: 0, idle: 3 } });
  expect(intervals.focus).toBe(1000);
  expect(intervals.idle).toBe(10_000);
});

test("a throttled bucket slows everything down", () => {
  const intervals = pollingIntervals({ ...pace, perSecond: 0.5, calls: { focus: 3, overview: 0, idle: 0 } });
  expect(intervals.focus).toBe(7500);
});

test("a crowd in the overview does not slow the application that a deployment moves", () => {
  const intervals = pollingIntervals({ ...pace, calls: { focus: 3, overview: 200, idle: 0 } });
  expect(intervals.focus).toBe(1000);
  expect(intervals.overview).toBeGreaterThan(100_000);
});

test("all rounds together stay within the bucket", () => {
  const calls = fc.record({ focus: fc.nat(300), overview: fc.nat(300), idle: fc.nat(300) });
  fc.assert(
    fc.property(calls, fc.double({ min: 0.1, max: 20, noNaN: true }), (cost, perSecond) => {
      const intervals = pollingIntervals({ ...pace, perSecond, calls: cost });
      const spent = cost.focus / intervals.focus + cost.overview / intervals.overview + cost.idle / intervals.idle;
      expect(spent * 1000).toBeLessThanOrEqual(perSecond * 1.0001);
    }),
  );
});
