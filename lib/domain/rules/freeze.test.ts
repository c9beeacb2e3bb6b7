import { describe, expect, test } from "vitest";
import { deployment, facts, NOW, observation } from "../../testing/facts.ts";
import { decide } from "../decide/decide.ts";
import { isAwaitingSwitch } from "../deployment/deployment.ts";
import { advance, requestSwitch, withPlan } from "../deployment/deployment-transitions.ts";
import { freezeNotifications } from "../notification/freeze-notifications.ts";
import { actionStates } from "./action-rules.ts";
import { type Freeze, findFreeze } from "./freeze.ts";

function freeze(changes: Partial<Freeze> = {}): Freeze {
  return {
    id: "f-1",
    application: "library",
    reason: "audit week",
    startedBy: "Kim",
    startedAt: NOW - 1_000,
    until: NOW + 60_000,
    liftedAt: null,
    liftedBy: null,
    ...changes,
  };
}

describe("a freeze stops the line", () => {
  test.each<[string, Partial<Freeze>, boolean]>([
    ["of its application", {}, true],
    ["of every application when it names none", { application: null }, true],
    ["of no other", { application: "catalog" }, false],
    ["until it is lifted when it has no end", { until: null }, true],
    ["no longer than to its end", { until: NOW }, false],
    ["no longer once it is lifted", { liftedAt: NOW - 1 }, false],
    ["not before its start", { startedAt: NOW + 1 }, false],
  ])("%s", (_name, changes, expected) => {
    expect(findFreeze([freeze(changes)], "library", NOW) !== null).toBe(expected);
  });

  test("and of several the one that lasts longest is told", () => {
    const all = [freeze(), freeze({ id: "f-2", until: null }), freeze({ id: "f-3", until: NOW + 90_000 })];
    expect(findFreeze(all, "library", NOW)?.id).toBe("f-2");
  });
});

test("deploy, switch and approve are refused with who, why and until when; rollback, abort and reject are not", () => {
  let release = deployment();
  while (!isAwaitingSwitch(release)) release = advance(release, NOW);
  const stopped = { freeze: freeze() };
  const {
    switch: switching,
    approve,
    reject,
    abort,
  } = actionStates(facts(observation(), { ...stopped, deployment: release }));
  expect(switching.blockers).toMatchObject([
    {
      code: "FROZEN",
      message: "Deployments are frozen by Kim until 2027-01-15 08:01 UTC: audit week",
      fix: expect.stringContaining("rollback"),
    },
  ]);
  expect(approve.blockers[0]?.code).toBe("FROZEN");
  expect([reject.allowed, abort.allowed]).toEqual([true, true]);
  expect(actionStates(facts(observation(), stopped)).deploy.blockers[0]?.code).toBe("FROZEN");

  const moved = withPlan(
    { ...deployment({ kind: "SWITCH", requested: null }), status: "SUCCESSFUL", finishedAt: NOW },
    { shift: { to: "green", expected: { blue: 100, green: 0 }, sentAt: NOW - 500, readBackMs: 5 } },
  );
  const after = observation({ weights: { blue: 0, green: 100 } });
  expect(actionStates(facts(after, { ...stopped, history: [moved] })).rollback.allowed).toBe(true);
});

test("a release that reaches its production shift meanwhile waits for a person again and says why", () => {
  let release = deployment();
  while (!isAwaitingSwitch(release)) release = advance(release, NOW);
  const pressed = requestSwitch(release, { blue: 100, green: 0 }, NOW);
  const settings = { minimumHealthy: null, stableChecks: 3, bakeMinutes: 10, requestLine: null };
  const decision = decide(pressed, { observation: observation(), settings, held: "Deployments are frozen", now: NOW });
  if (decision.kind !== "change") throw new Error(decision.kind);
  expect(isAwaitingSwitch(decision.deployment)).toBe(true);
  expect(decision.deployment.stages.find((s) => s.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT")?.detail).toBe(
    "Not shifted: Deployments are frozen",
  );
});

test("people are told when it starts and when it is over, under ids that stay", () => {
  const kinds = (changes: Partial<Freeze>, now = NOW) =>
    freezeNotifications(freeze(changes), now).map(({ kind, id }) => `${kind} ${id}`);
  expect(kinds({})).toEqual(["line.frozen f-1:line.frozen"]);
  expect(kinds({ liftedAt: NOW, liftedBy: "Lee" })).toHaveLength(2);
  expect(kinds({}, NOW + 60_000)[1]).toMatch(/^line\.lifted f-1:line\.lifted:/);
});
