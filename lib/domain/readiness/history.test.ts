import { expect, test } from "vitest";
import { readHistory, timeToFirstGreen, withLook } from "./history.ts";

const step = (id: string, outcome: "pass" | "warn" | "fail" | "unknown" | "put off") => ({ id, outcome });
const green = (finishedAt: number | null, change = {}) => ({
  status: "SUCCESSFUL",
  kind: "RELEASE",
  finishedAt,
  ...change,
});

test("a step is there since the look that first saw it, until one sees it missing", () => {
  const steps = [step("a", "pass"), step("b", "warn"), step("c", "fail"), step("d", "unknown")];
  const first = withLook(null, { at: 10, steps, deployments: [] });
  expect(first).toEqual({ firstLookAt: 10, since: { a: 10, b: 10 }, firstGreenAt: null });
  const blind = withLook(first, { at: 20, steps: [step("a", "unknown"), step("c", "put off")], deployments: [] });
  expect(blind.since).toEqual({ a: 10, b: 10 });
  const lost = withLook(blind, { at: 30, steps: [step("a", "fail")], deployments: [] });
  expect(withLook(lost, { at: 40, steps: [step("a", "pass")], deployments: [] }).since).toEqual({ a: 40, b: 10 });
});

test("the first green is the earliest release that ended well, and stays the first", () => {
  const deployments = [
    green(90),
    green(50),
    green(30, { kind: "ROLLBACK" }),
    green(20, { status: "STOPPED" }),
    green(null),
  ];
  const history = withLook(withLook(null, { at: 10, steps: [], deployments: [] }), { at: 95, steps: [], deployments });
  expect(history.firstGreenAt).toBe(50);
  expect(timeToFirstGreen(history)).toBe(40);
  // The record shows its newest alone: what is older is remembered.
  expect(withLook(history, { at: 99, steps: [], deployments: [green(90)] }).firstGreenAt).toBe(50);
  expect(timeToFirstGreen({ ...history, firstLookAt: 60 })).toBeNull();
});

test.each([[null], ["text"], [{}], [{ firstLookAt: 1 }], [{ firstLookAt: "1", since: {} }]])(
  "%j is no history",
  (kept) => {
    expect(readHistory(kept)).toBeNull();
  },
);
