import { describe, expect, test } from "vitest";
import { deployment, facts, NOW, observation, target } from "../../testing/facts.ts";
import { deploymentNotifications } from "../notification/deployment-notifications.ts";
import { actionStates, findExtendBlockers } from "../rules/action-rules.ts";
import { rollbackWindow } from "../rules/rollback-rules.ts";
import { findScaleDownBlockers } from "../rules/scale-down-rules.ts";
import type { Deployment } from "./deployment.ts";
import { withPlan } from "./deployment-transitions.ts";
import { extendKept, windowEnd } from "./window.ts";

const MINUTE = 60_000;
const END = NOW + 60 * MINUTE;
const GREEN_LIVE = { weights: { blue: 0, green: 100 } };

function moved(changes: Partial<Deployment> = {}): Deployment {
  const one = withPlan(deployment({ kind: "SWITCH", requested: null }), {
    shift: { to: "green", expected: { blue: 100, green: 0 }, sentAt: NOW - MINUTE, readBackMs: 5 },
  });
  const proof = { ruleReadBackMs: 5, proven: true };
  return { ...one, status: "SUCCESSFUL", finishedAt: NOW, windowMinutes: 60, proof, ...changes };
}

const at = (now: number, move = moved(), look: Parameters<typeof observation>[0] = {}, more = {}) =>
  facts(observation({ ...GREEN_LIVE, at: now, ...look }), { history: [move], now, ...more });
const codes = (...args: Parameters<typeof at>) => findScaleDownBlockers(at(...args)).map(({ code }) => code);

test("a finished switch keeps the old side for its window, which says until when and can be extended", () => {
  expect(windowEnd(moved())).toBe(END);
  expect(rollbackWindow(at(NOW))).toMatchObject({ until: END, instant: true, phase: "kept" });
  const states = actionStates(at(NOW));
  expect(states.extend.allowed).toBe(true);
  expect(states.retire.blockers).toMatchObject([
    { code: "WINDOW_OPEN", message: expect.stringContaining("blue is kept warm") },
  ]);
  const extended = extendKept(moved(), 30, NOW + 24 * 60 * MINUTE);
  expect(windowEnd(extended)).toBe(END + 30 * MINUTE);
  expect(windowEnd(extendKept(extended, 1440, NOW + 120 * MINUTE))).toBe(NOW + 120 * MINUTE);
});

test("once it has closed there is no end to move, and a person may retire", () => {
  expect(rollbackWindow(at(END))).toMatchObject({ until: null, instant: true });
  const states = actionStates(at(END));
  expect(states.extend.blockers[0]?.code).toBe("NOT_BAKING");
  expect(states.retire.allowed).toBe(true);
});

test("only the newest move has a window", () => {
  const older = moved({ id: "d-0" });
  const look = { deployment: null, history: [moved(), older], now: NOW };
  expect(findExtendBlockers(look, "d-0")[0]?.code).toBe("NOT_BAKING");
  expect(findExtendBlockers(look, "d-1")).toEqual([]);
  expect(windowEnd(moved({ kind: "ROLLBACK" }))).toBe(null);
  expect(windowEnd(moved({ status: "ROLLBACK_SUCCESSFUL" }))).toBe(null);
  expect(windowEnd(moved({ windowMinutes: undefined }))).toBe(null);
});

test("people are told before it closes, once", () => {
  const kinds = (now: number, one = moved()) =>
    deploymentNotifications(one, now).filter(({ kind }) => kind === "window.closing");
  expect(kinds(END - 11 * MINUTE)).toEqual([]);
  expect(kinds(END - 9 * MINUTE)).toHaveLength(1);
  expect(kinds(END - MINUTE)[0]?.id).toBe(kinds(END - 9 * MINUTE)[0]?.id);
  expect(kinds(END)).toEqual([]);
  expect(kinds(END - 9 * MINUTE, moved({ windowUntil: END + 30 * MINUTE }))).toEqual([]);
});

describe("the old side is scaled down by itself", () => {
  const drift = { id: "dr-1", part: "weights", from: "0/100", to: "1/100", seenAt: NOW, blocks: true } as const;
  const freeze = {
    id: "f",
    application: null,
    reason: "r",
    startedBy: "k",
    startedAt: 0,
    until: null,
    liftedAt: null,
    liftedBy: null,
  };
  const unhealthy = { green: { targets: [target("a"), target("b"), target("c", "unhealthy")] } };

  test("once the window has closed and the switch is verified", () => {
    expect(codes(END)).toEqual([]);
  });

  test.each<[string, string, () => string[]]>([
    ["inside the window", "WINDOW_OPEN", () => codes(END - 1)],
    [
      "without verification",
      "NOT_PROVEN",
      () => codes(END, moved({ proof: { ruleReadBackMs: 5, proven: false, note: "Switched, not verified" } })),
    ],
    ["while an alarm is red", "ALARM_RED", () => codes(END, moved(), unhealthy)],
    [
      "with a drift nobody acknowledged",
      "DRIFT_NOT_ACKNOWLEDGED",
      () => codes(END, moved(), {}, { ledger: { parts: {}, at: NOW, drifts: [drift], version: 1 } }),
    ],
    ["while it holds weight", "NOT_FOUND", () => codes(END, moved(), { weights: { blue: 1, green: 99 } })],
    ["while the line is stopped", "FROZEN", () => codes(END, moved(), {}, { freeze })],
    ["while something is in flight", "NOT_FOUND", () => codes(END, moved(), {}, { deployment: deployment() })],
    ["after a rollback", "NOT_FOUND", () => codes(END, moved({ kind: "ROLLBACK" }))],
    ["on an old look", "OBSERVATION_STALE", () => codes(END, moved(), { at: END - 10 * MINUTE })],
  ])("never %s", (_name, code, found) => {
    expect(found()).toContain(code);
  });
});
