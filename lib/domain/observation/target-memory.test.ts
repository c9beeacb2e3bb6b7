import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TARGET_STATES, type TargetHealthState } from "./slot.ts";
import { recallTargets, rememberTargets, type TargetMemory } from "./target-memory.ts";

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

test("a state lasts since the oldest of the observations that stability asks for, once there are as many", () => {
  const memory: TargetMemory = new Map();
  const heldSince = (at: number, state: TargetHealthState = "healthy") =>
    rememberTargets(memory, GROUP, [{ id: "10.0.0.1", port: 8081, state }], at, 3)[0]?.heldSince;
  expect([heldSince(1), heldSince(2), heldSince(3), heldSince(4)]).toEqual([undefined, undefined, 1, 2]);
  expect([heldSince(5, "unhealthy"), heldSince(6), heldSince(7), heldSince(8)]).toEqual([
    undefined,
    undefined,
    undefined,
    6,
  ]);
});

test("how long a state was seen without a gap survives a restart, but no gap of more than a minute", () => {
  const memory: TargetMemory = new Map();
  look(memory, "unhealthy", 1_000);
  expect(look(memory, "healthy", 2_000).unbrokenSince).toBe(2_000);
  expect(look(memory, "healthy", 62_000).unbrokenSince).toBe(2_000);
  const after: TargetMemory = new Map();
  recallTargets(
    after,
    JSON.parse(JSON.stringify([...memory].map(([group, targets]) => [group, [...targets]]))),
    63_000,
  );
  expect(look(after, "healthy", 64_000)).toMatchObject({ unbrokenSince: 2_000, consecutive: 1 });
  expect(look(after, "healthy", 124_001)).toMatchObject({ unbrokenSince: 124_001, since: 2_000 });
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

describe("taking up what another process remembered", () => {
  const kept = (memory: TargetMemory): unknown =>
    JSON.parse(JSON.stringify([...memory].map(([group, targets]) => [group, [...targets]])));

  test("keeps the history and since when, but counts anew what is seen in a row", () => {
    const before: TargetMemory = new Map();
    look(before, "healthy", 1_000);
    look(before, "unhealthy", 2_000, "Target.Timeout");
    look(before, "healthy", 3_000);
    look(before, "healthy", 4_000);
    const after: TargetMemory = new Map();
    recallTargets(after, kept(before), 20_000);
    expect(look(after, "healthy", 21_000)).toMatchObject({
      since: 3_000,
      consecutive: 1,
      previous: { state: "unhealthy", reason: "Target.Timeout" },
      history: [{ at: 1_000 }, { at: 2_000 }, { at: 3_000 }],
    });
  });

  test("leaves out what was read too long ago, and changes nothing that is known already", () => {
    const before: TargetMemory = new Map();
    look(before, "unhealthy", 1_000);
    const late: TargetMemory = new Map();
    recallTargets(late, kept(before), 61_001);
    expect(late.size).toBe(0);
    const known: TargetMemory = new Map();
    look(known, "healthy", 5_000);
    recallTargets(known, kept(before), 6_000);
    expect(look(known, "healthy", 7_000)).toMatchObject({ since: 5_000, consecutive: 2 });
  });

  test("takes nothing of what is no such thing", () => {
    const targets = fc.array(fc.tuple(fc.string(), fc.jsonValue()));
    const groups = fc.array(fc.tuple(fc.string(), targets));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), groups), (value) => {
        const memory: TargetMemory = new Map();
        recallTargets(memory, value, 0);
        expect(memory.size).toBe(0);
      }),
    );
  });
});
