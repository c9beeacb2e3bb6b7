import { expect, test } from "vitest";
import { deployment, facts, observation, revision, target } from "../../testing/facts.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { Task } from "../observation/slot.ts";
import { englishOf } from "../sentence/told.ts";
import { VERBS } from "../verb/verb.ts";
import * as manual from "./manual-commands.ts";

/** The moves, with their note in English. */
function findMoves(...asked: Parameters<typeof manual.findMoves>) {
  const { moves, note } = manual.findMoves(...asked);
  return { moves, note: note && englishOf(note) };
}

const GREEN = { blue: 0, green: 100 };
const BLUE = { blue: 100, green: 0 };
/** A task of revision 3 whose address is its id. */
const running3 = (id: string): Task => ({
  arn: `arn:${id}`,
  id,
  lastStatus: "RUNNING",
  desiredStatus: "RUNNING",
  healthStatus: "UNKNOWN",
  startedAt: 1,
  createdAt: 1,
  stoppedAt: null,
  containers: [],
  taskDefinition: revision(3).taskDefinition,
  address: id,
});
const toBlue = { type: "shift", to: "blue", weights: BLUE };
const toGreen = { type: "shift", to: "green", weights: GREEN };

/** A switch from blue to green that ended. */
function switched(changes: Partial<Deployment> = {}): Deployment {
  const begun = deployment({ kind: "SWITCH", requested: null });
  const stages = begun.stages.map((record) =>
    record.stage === "PRODUCTION_TRAFFIC_SHIFT" ? { ...record, status: "SUCCEEDED" as const, finishedAt: 1 } : record,
  );
  const plan = begun.plan && { ...begun.plan, shift: { to: begun.to, expected: BLUE, sentAt: 1, readBackMs: 5 } };
  return { ...begun, stages, ...(plan ? { plan } : {}), status: "SUCCESSFUL", finishedAt: 1, ...changes };
}

const afterSwitch = (changes = {}) =>
  facts(observation({ weights: GREEN, ...changes }), { history: [switched({ fromRevision: revision(1) })] });

test("a switch is one write of weights, to the side that was asked for or the one that is not live", () => {
  expect(findMoves("switch", facts(), { to: "green" })).toEqual({ moves: [toGreen], note: null });
  expect(findMoves("switch", facts(observation({ weights: GREEN }))).moves).toEqual([toBlue]);
});

test("a switch to a side that is not healthy is shown with a warning", () => {
  const sick = facts(observation({ green: { targets: [target("10.0.2.1", "unhealthy")] } }));
  expect(findMoves("switch", sick, { to: "green" })).toMatchObject({
    moves: [toGreen],
    note: "green has fewer than 2 healthy targets now: do not send it traffic",
  });
});

test("a deploy starts the side that is not live with as many tasks as live has, and no traffic moves", () => {
  const look = facts(observation({ blue: { counts: { desired: 4, running: 4, pending: 0, healthy: 4, total: 4 } } }));
  expect(findMoves("deploy", look, { revision: { image: "library:2" } }).moves).toEqual([
    { type: "startSide", slot: "green", revision: { image: "library:2" }, desired: 4 },
    { type: "waitHealthy", slot: "green" },
  ]);
  expect(findMoves("deploy", look).moves).toEqual([]);
});

test("a deploy to a side with traffic is not shown", () => {
  const split = facts(observation({ weights: { blue: 50, green: 50 } }));
  expect(findMoves("deploy", split, { revision: { image: "library:2" } })).toMatchObject({
    moves: [],
    note: expect.stringContaining("a side with traffic is not updated"),
  });
});

test("a rollback inside the window is one write", () => {
  expect(findMoves("rollback", afterSwitch())).toEqual({ moves: [toBlue], note: null });
});

test("a rollback to a cold side, or one that runs something else now, starts it, waits and then shifts", () => {
  const cold = { counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 }, targets: [] };
  for (const blue of [cold, { revision: revision(9) }])
    expect(findMoves("rollback", afterSwitch({ blue }))).toEqual({
      moves: [
        {
          type: "startSide",
          slot: "blue",
          revision: { taskDefinition: revision(1).taskDefinition },
          desired: 2,
        },
        { type: "waitHealthy", slot: "blue" },
        toBlue,
      ],
      note: "blue is cold: it is scaled up first",
    });
});

test("without a record the way back is the other side as it stands, and says so", () => {
  const { moves, note } = findMoves("rollback", facts(observation({ weights: GREEN })));
  expect(moves).toEqual([toBlue]);
  expect(note).toContain("No switch is on record");
  expect(findMoves("rollback", facts(observation({ weights: { blue: 50, green: 50 } }))).moves).toEqual([]);
});

test("an abort before the shift puts back a side that did not come up, and leaves one that did", () => {
  const before = { revision: revision(2), desired: 2 };
  const begun = deployment({ requested: { image: "library:3" } });
  const stages = begun.stages.map((record) =>
    record.stage === "SCALE_UP" ? { ...record, status: "SUCCEEDED" as const, startedAt: 1 } : record,
  );
  const running = {
    ...begun,
    stages,
    revision: revision(3),
    ...(begun.plan ? { plan: { ...begun.plan, before } } : {}),
  };
  const crashing = facts(observation({ green: { revision: revision(3), targets: [] } }), { deployment: running });
  expect(findMoves("abort", crashing).moves).toEqual([
    { type: "startSide", slot: "green", revision: { taskDefinition: revision(2).taskDefinition }, desired: 2 },
  ]);
  const tasks = ["a", "b"].map(running3);
  const up = { revision: revision(3), tasks, targets: [target("a"), target("b")] };
  const ready = facts(observation({ green: up }), { deployment: running });
  expect(findMoves("abort", ready)).toMatchObject({
    moves: [],
    note: expect.stringContaining("nothing is asked of AWS"),
  });
  expect(findMoves("reject", ready).moves).toEqual([]);
});

test("an abort after the shift is a rollback", () => {
  const flying = switched({ status: "IN_PROGRESS", finishedAt: null, fromRevision: revision(1) });
  const look = facts(observation({ weights: GREEN }), { deployment: flying });
  expect(findMoves("abort", look)).toEqual(findMoves("rollback", look));
  expect(findMoves("abort", look).moves).toEqual([toBlue]);
});

test("retire stops the side without weight, and nothing where none is known to have none", () => {
  expect(findMoves("retire", facts()).moves).toEqual([{ type: "retireSide", slot: "green" }]);
  expect(findMoves("retire", facts(observation({ weights: { blue: 99, green: 1 } }))).moves).toEqual([]);
  expect(findMoves("retire", facts(observation({ drift: "another group" }))).moves).toEqual([]);
});

test("every verb says what to run or why there is nothing", () => {
  for (const verb of VERBS) {
    const { moves, note } = findMoves(verb, facts());
    expect(moves.length > 0 || note, verb).toBeTruthy();
  }
  expect(findMoves("extend", facts())).toMatchObject({ moves: [], note: expect.stringContaining("nothing is asked") });
});
