import { expect, test } from "vitest";
import { createStepFailures } from "./step-failures.ts";

test("each failure in a row waits longer, up to 15 s", () => {
  let now = 0;
  const failures = createStepFailures(() => now);
  const waits = [1, 2, 3, 4, 5, 6, 7].map((count) => {
    expect(failures.note("d", "shift", true)).toBe(count);
    const waitMs = (failures.find("d")?.until ?? 0) - now;
    now += waitMs;
    return waitMs;
  });
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
});

test("only the step that failed is held back, and only for its time", () => {
  let now = 0;
  const failures = createStepFailures(() => now);
  failures.note("d", "prove", true);
  expect([failures.isHeldBack("d", "prove"), failures.isHeldBack("d", "shift")]).toEqual([true, false]);
  now = 500;
  expect(failures.isHeldBack("d", "prove")).toBe(false);
});

test("what is not tried again leaves nothing, and success begins anew", () => {
  const failures = createStepFailures(() => 0);
  failures.note("d", "shift", false);
  expect(failures.find("d")).toBeUndefined();
  failures.note("d", "shift", true);
  failures.clear("d");
  expect(failures.note("d", "shift", true)).toBe(1);
});
