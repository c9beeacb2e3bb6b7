import { expect, test } from "vitest";
import { createAttemptLimit } from "./attempt-limit.ts";

test("closes after too many failures and opens again when the oldest is past", () => {
  let now = 0;
  const limit = createAttemptLimit(2, 1000, () => now);
  limit.fail("kim");
  now = 500;
  limit.fail("kim");
  expect(limit.isOpen("kim")).toBe(false);
  expect(limit.isOpen("lee")).toBe(true);
  now = 999;
  expect(limit.isOpen("kim")).toBe(false);
  now = 1000;
  expect(limit.isOpen("kim")).toBe(true);
});

test("forgets failures after a success", () => {
  const limit = createAttemptLimit(1, 1000, () => 0);
  limit.fail("kim");
  limit.succeed("kim");
  expect(limit.isOpen("kim")).toBe(true);
});
