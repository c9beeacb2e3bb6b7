import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BrushSpan, spanAfterKey, spanBetween, timesOf, withTimes } from "./brush-span.ts";

const COUNT = 120;

describe("by keys", () => {
  test.each<[string, BrushSpan | null, string, boolean, BrushSpan | null | undefined]>([
    ["begins with the newest", null, "ArrowLeft", false, { first: 115, last: 119 }],
    ["moves", { first: 10, last: 12 }, "ArrowLeft", false, { first: 9, last: 11 }],
    ["stops at the end", { first: 118, last: 119 }, "ArrowRight", false, { first: 118, last: 119 }],
    ["grows", { first: 10, last: 12 }, "ArrowRight", true, { first: 10, last: 13 }],
    ["shrinks to one", { first: 10, last: 10 }, "ArrowLeft", true, { first: 10, last: 10 }],
    ["jumps", { first: 10, last: 12 }, "End", false, { first: 117, last: 119 }],
    ["is given up", { first: 10, last: 12 }, "Escape", false, null],
    ["leaves Escape to others", null, "Escape", false, undefined],
    ["leaves other keys", { first: 1, last: 2 }, "a", false, undefined],
  ])("%s", (_, span, key, isShift, next) => expect(spanAfterKey(span, key, isShift, COUNT)).toEqual(next));

  test("never leaves the strip", () => {
    const keys = fc.array(fc.tuple(fc.constantFrom("ArrowLeft", "ArrowRight", "Home", "End"), fc.boolean()), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(keys, (pressed) => {
        let span: BrushSpan | null = null;
        for (const [key, isShift] of pressed) {
          span = spanAfterKey(span, key, isShift, COUNT) ?? null;
          expect(span && span.first >= 0 && span.first <= span.last && span.last < COUNT).toBe(true);
        }
      }),
    );
  });
});

test("by mouse or finger, drawn either way and over the edges", () => {
  expect(spanBetween(0.5, 0.25, 100)).toEqual({ first: 25, last: 50 });
  expect(spanBetween(-1, 2, 100)).toEqual({ first: 0, last: 99 });
});

test("the times are part of the filter, and with it of the address", () => {
  const times = { from: Date.UTC(2026, 10, 29, 12), to: Date.UTC(2026, 10, 29, 12, 5) };
  const filter = withTimes("level:error after:11:00 대출", times);
  expect(filter).toBe("level:error 대출 after:2026-11-29T12:00:00Z before:2026-11-29T12:05:00Z");
  expect(timesOf(filter)).toEqual(times);
  expect(withTimes(filter, null)).toBe("level:error 대출");
  expect(timesOf("after:11:00 before:12:00")).toBeNull();
});
