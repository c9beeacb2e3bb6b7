import fc from "fast-check";
import { expect, test } from "vitest";
import { deployment, NOW, observation, revision, target } from "../../testing/facts.ts";
import type { Application } from "../application/application.ts";
import type { Deployment, DeploymentStatus } from "../deployment/deployment.ts";
import { planLateRollback } from "../late/late-rollback.ts";
import { findMoves } from "../manual/manual-commands.ts";
import { otherColor, SLOT_COLORS, type SlotColor } from "../observation/slot.ts";
import { composeSnapshot, ruleFacts } from "../snapshot/compose-snapshot.ts";
import { findExtendBlockers } from "./action-rules.ts";
import { findRollbackTarget } from "./rollback-rules.ts";

/* One place decides which side a rollback means and whose window is open: whoever asks is answered alike. */

const APPLICATION = {
  name: "library",
  minimumHealthy: null,
  stableChecks: 3,
  afterWindow: "keep",
} as unknown as Application;

const ENDED: readonly DeploymentStatus[] = ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"];
const FLYING: readonly DeploymentStatus[] = [
  "IN_PROGRESS",
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
];
const WEIGHTS = [
  { blue: 100, green: 0 },
  { blue: 0, green: 100 },
  { blue: 95, green: 5 },
  { blue: 50, green: 50 },
  { blue: 0, green: 0 },
];

const color = fc.constantFrom<SlotColor>(...SLOT_COLORS);
const record = (statuses: readonly DeploymentStatus[]) =>
  fc.record({
    kind: fc.constantFrom<Deployment["kind"]>("RELEASE", "SWITCH", "ROLLBACK"),
    status: fc.constantFrom(...statuses),
    to: color,
    hasShifted: fc.boolean(),
    hasTurned: fc.boolean(),
    isBaking: fc.boolean(),
    windowMinutes: fc.constantFrom(0, 1, 600),
    agoMinutes: fc.integer({ min: 1, max: 120 }),
    hasFrom: fc.boolean(),
  });
type Shape = Parameters<Parameters<ReturnType<typeof record>["map"]>[0]>[0];

function make(shape: Shape, index: number): Deployment {
  const { kind, status, to } = shape;
  const begun = deployment({ id: `d-${index}`, kind, to, requested: kind === "RELEASE" ? { image: "x" } : null });
  const at = NOW - shape.agoMinutes * 60_000 - index;
  const side = shape.hasTurned ? otherColor(to) : to;
  const shift = shape.hasShifted ? { to: side, expected: { blue: 100, green: 0 }, sentAt: at, readBackMs: 5 } : null;
  const stages = begun.stages.map((each) =>
    each.stage === "BAKE_TIME" && shape.isBaking ? { ...each, status: "IN_PROGRESS" as const, startedAt: at } : each,
  );
  return {
    ...begun,
    status,
    stages,
    bakeUntil: shape.isBaking ? NOW + 60_000 : null,
    finishedAt: ENDED.includes(status) ? at : null,
    windowMinutes: shape.windowMinutes,
    fromRevision: shape.hasFrom ? revision(otherColor(to) === "blue" ? 1 : 2) : null,
    plan: begun.plan && { ...begun.plan, shift, turnedAt: shape.hasTurned ? at : null },
  };
}

const world = fc.record({
  weights: fc.constantFrom(...WEIGHTS),
  inFlight: fc.option(record(FLYING)),
  history: fc.array(record(ENDED), { maxLength: 3 }),
  isCold: fc.record({ blue: fc.boolean(), green: fc.boolean() }),
});

const side = (isCold: boolean) =>
  isCold
    ? { counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 }, targets: [] }
    : { targets: [target("10.0.0.1"), target("10.0.0.2")] };

test("button, API, manual commands and operation mean the same side, and button and server the same window", () => {
  fc.assert(
    fc.property(world, ({ weights, inFlight, history, isCold }) => {
      const look = observation({ weights, blue: side(isCold.blue), green: side(isCold.green) });
      const ended = history.map((shape, index) => make(shape, index + 1));
      const known = {
        deployment: inFlight && make(inFlight, 0),
        lastDeployment: ended[0] ?? null,
        history: ended,
      };
      const facts = ruleFacts(APPLICATION, look, known, NOW);
      const snapshot = composeSnapshot(APPLICATION, look, known, NOW);
      const said = snapshot.rollbackTo;

      const wanted = findRollbackTarget(facts);
      if (wanted) expect(wanted.to).toBe(said);
      if (snapshot.actions.rollback.allowed) expect(wanted?.to).toBe(said);
      if (snapshot.window) expect(said).not.toBeNull();

      for (const move of findMoves("rollback", facts).moves) {
        if (move.type === "shift") expect(move.to).toBe(said);
        else if ("slot" in move) expect(move.slot).toBe(said);
      }
      const asked = { id: "late", application: "library", actor: deployment().actor, reason: null, words: "x" };
      const late = planLateRollback(facts, known, asked);
      if (late.ok) expect(said && late.rollback.weights[said]).toBe(100);

      const open = snapshot.openWindow;
      expect(snapshot.actions.extend.allowed).toBe(open !== undefined);
      if (!open) return;
      expect(findExtendBlockers(facts, open.deploymentId)).toEqual([]);
      expect(look.traffic.live).not.toBe(open.keeps);
      for (const other of [known.deployment, ...ended])
        if (other && other.id !== open.deploymentId) expect(findExtendBlockers(facts, other.id)).not.toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test("a release that crashed inside an open window leaves that window open, for the side that it kept", () => {
  const switched = make(
    {
      kind: "SWITCH",
      status: "SUCCESSFUL",
      to: "blue",
      hasShifted: true,
      hasTurned: false,
      isBaking: false,
      windowMinutes: 600,
      agoMinutes: 30,
      hasFrom: true,
    },
    2,
  );
  const crashed = make(
    {
      kind: "RELEASE",
      status: "STOPPED",
      to: "green",
      hasShifted: false,
      hasTurned: false,
      isBaking: false,
      windowMinutes: 600,
      agoMinutes: 5,
      hasFrom: true,
    },
    1,
  );
  const known = { deployment: null, lastDeployment: crashed, history: [crashed, switched] };
  const snapshot = composeSnapshot(APPLICATION, observation(), known, NOW);
  expect(snapshot.openWindow).toMatchObject({ deploymentId: switched.id, keeps: "green", phase: "kept" });
  expect(snapshot.actions.extend.allowed).toBe(true);
});
