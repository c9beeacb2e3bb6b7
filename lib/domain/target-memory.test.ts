import fc from "fast-check";
import { expect, test } from "vitest";
import { TARGET_STATES, type TargetHealthState } from "./slot.ts";
import { rememberTargets, type TargetMemory } from "./target-memory.ts";

const GROUP = "arn:group/blue";

function look(memory: TargetMemory, state: TargetHealthState, at: number, reason?: string) {
  const [target] = rememberTargets(memory, GROUP, [{ id: "10.0.0.1", port: 8081, state, reason }], at);
  if (!target) throw new Error("no target came back");
  return target;
}

test("counts consecutive observations of one state and starts again when it changes", () => {
  const memory: TargetMemory = new Map();
  expect(look(memory, "initial", 1).consecutive).toBe(1);
  expect(look(memory, "healthy", 2)).toMatchObject({ consecutive: 1, since: 2 });
  expect(look(memory, "healthy", 3)).toMatchObject({ consecutive: 2, since: 2 });
  expect(look(memory, "unhealthy", 4, "Target.Timeout")).toMatchObject({
    consecutive: 1,
    since: 4,
    previous: { state: "healthy" },
  });
  expect(look(memory, "healthy", 5).previous).toEqual({ state: "unhealthy", reason: "Target.Timeout" });
});

test("the same reading told twice, or an older one, counts once", () => {
  const memory: TargetMemory = new Map();
  look(memory, "healthy", 10);
  look(memory, "healthy", 10);
  expect(look(memory, "healthy", 9).consecutive).toBe(1);
  look(memory, "unhealthy", 8);
  expect(look(memory, "healthy", 11).consecutive).toBe(2);
});

test("another reason is another stretch of history, not another state", () => {
  const memory: TargetMemory = new Map();
  look(memory, "unhealthy", 1, "Target.Timeout");
  const target = look(memory, "unhealthy", 2, "Target.ResponseCodeMismatch");
  expect(target).toMatchObject({ since: 1, consecutive: 2 });
  expect(target.history).toEqual([
    { at: 1, state: "unhealthy", reason: "Target.Timeout" },
    { at: 2, state: "unhealthy", reason: "Target.ResponseCodeMismatch" },
  ]);
});

test("history reaches back 15 minutes, is in order and stays small however long it runs", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ after: fc.integer({ min: 1, max: 120_000 }), state: fc.constantFrom(...TARGET_STATES) }), {
        minLength: 1,
        maxLength: 400,
      }),
      (steps) => {
        const memory: TargetMemory = new Map();
        let now = 1_000_000;
        let target = look(memory, "initial", now);
        for (const step of steps) {
          now += step.after;
          target = look(memory, step.state, now);
        }
        expect(target.history.length).toBeLessThanOrEqual(200);
        expect(target.history.at(-1)?.state).toBe(target.state);
        expect(target.history.slice(1).every((span) => span.at > now - 15 * 60_000)).toBe(true);
        for (const [index, span] of target.history.slice(1).entries()) {
          expect(span.at).toBeGreaterThan(target.history[index]?.at ?? Number.POSITIVE_INFINITY);
          expect(span.state).not.toBe(target.history[index]?.state);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("a target missing from one answer is remembered, one that is gone is forgotten", () => {
  const memory: TargetMemory = new Map();
  look(memory, "healthy", 1000);
  rememberTargets(memory, GROUP, [], 2000);
  expect(look(memory, "healthy", 3000).consecutive).toBe(2);
  rememberTargets(memory, GROUP, [], 70_000);
  expect(memory.get(GROUP)?.size).toBe(0);
});
