import { describe, expect, test } from "vitest";
import { deployment, facts, NOW, observation } from "../../testing/facts.ts";
import { CAPABILITIES } from "../application/capabilities.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { requestAbort, shifted, shiftSent } from "../deployment/deployment-transitions.ts";
import { actionStates } from "../rules/action-rules.ts";
import { endedLateRecord, findUnfinished, type LateRollback, lateRecord, planLateRollback } from "./late-rollback.ts";
import { actionsWithoutStore, drivenRollbackBlocker } from "./without-store.ts";

const GREEN = { blue: 0, green: 100 };
const actor = { id: "o", name: "o", via: "session" } as const;
const asked = { id: "late", application: "library", actor, reason: null, words: "Rolled back by o" };
const outcome = { at: NOW + 40, phase: "done", message: "read back", awsRequestId: "r", readBackMs: 20 } as const;

/** A switch from blue to green that was written and read back. */
function moved(changes: Partial<Deployment> = {}): Deployment {
  const begun = deployment({ id: "d-switch", kind: "SWITCH", requested: null });
  const sent = shiftSent(begun, { blue: 100, green: 0 }, NOW);
  return { ...shifted(sent, { attemptAt: NOW, alreadyThere: false, readBackMs: 5 }, NOW), ...changes };
}
const ended = () => moved({ status: "SUCCESSFUL", finishedAt: NOW });
const look = (blue = {}) => observation({ weights: GREEN, blue });

describe("a rollback without the database", () => {
  test("brings back what was live before the last move, from the weights as they are", () => {
    const plan = planLateRollback(facts(look(), { history: [ended()] }), { deployment: null }, asked);
    expect(plan).toMatchObject({
      ok: true,
      rollback: { turns: null, expected: GREEN, weights: { blue: 100, green: 0 }, deployment: { to: "blue" } },
    });
  });

  test("rolls back what is in flight, and finishes what was asked for before", () => {
    const plan = planLateRollback(facts(look(), { deployment: moved() }), { deployment: moved() }, asked);
    expect(plan).toMatchObject({ ok: true, rollback: { turns: "d-switch" } });
    const turning = requestAbort(moved(), "asked");
    expect(findUnfinished(turning)).toMatchObject({ to: "blue" });
    expect(planLateRollback(facts(look(), { deployment: turning }), { deployment: turning }, asked)).toMatchObject({
      ok: true,
      rollback: { turns: "d-switch", weights: { blue: 100, green: 0 } },
    });
  });

  test("goes by the listener alone where no record was ever read", () => {
    expect(planLateRollback(facts(look()), null, asked)).toMatchObject({
      ok: true,
      rollback: { weights: { blue: 100, green: 0 } },
    });
  });

  test.each([
    ["a side that runs nothing", { targets: [], counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 } }],
    ["a side asked to run nothing", { counts: { desired: 0, running: 2, pending: 0, healthy: 2, total: 2 } }],
    ["a side below its minimum", { counts: { desired: 2, running: 2, pending: 0, healthy: 1, total: 2 } }],
  ])("gives no traffic to %s, with a record and without one", (_what, blue) => {
    for (const record of [{ deployment: null }, null])
      expect(planLateRollback(facts(look(blue), { history: [ended()] }), record, asked).ok).toBe(false);
  });
});

test("where AWS drives, no rule is written without the database, however warm the old side is", () => {
  for (const controller of ["ecs-native", "code-deploy"] as const) {
    const driven = facts(look(), { history: [ended()] });
    const known = { ...driven, application: { ...driven.application, controller } };
    expect(planLateRollback(known, { deployment: null }, asked)).toEqual({
      ok: false,
      blockers: [drivenRollbackBlocker()],
    });
    const actions = actionStates(driven);
    const shown = { actions, window: null, rollbackTo: "blue", capabilities: CAPABILITIES[controller] } as const;
    expect(actions.rollback.allowed).toBe(true);
    expect(actionsWithoutStore(shown).rollback).toEqual({ allowed: false, blockers: [drivenRollbackBlocker()] });
  }
});

describe("its record", () => {
  const plan = planLateRollback(facts(look(), { history: [ended()] }), { deployment: null }, asked);
  if (!plan.ok) throw new Error("There is no plan");
  const written: LateRollback = { ...plan.rollback, outcome };

  test("goes on to its verification once it was written", () => {
    const record = lateRecord(written);
    expect(record).toMatchObject({ late: true, status: "IN_PROGRESS", stage: "POST_PRODUCTION_TRAFFIC_SHIFT" });
    expect(record.plan?.shift).toMatchObject({ to: "blue", readBackMs: 20 });
    expect(lateRecord(written, record)).toEqual(record);
  });

  test("is ended where another deployment has begun since", () => {
    expect(endedLateRecord(written)).toMatchObject({ late: true, status: "SUCCESSFUL", finishedAt: NOW + 40 });
  });

  test("says what AWS refused, and counts as no move", () => {
    const refused = lateRecord({ ...written, outcome: { ...outcome, phase: "failed", message: "denied" } });
    expect(refused).toMatchObject({ status: "STOPPED", statusReason: "Not rolled back: denied" });
    expect(refused.plan?.shift?.sentAt).toBeNull();
  });
});
