import { expect, test } from "vitest";
import { deployment, facts, NOW, observation, revision, slot, target } from "../../testing/facts.ts";
import { withStage } from "../deployment/change-stage.ts";
import type { Deployment } from "../deployment/deployment.ts";
import {
  advance,
  requestAbort,
  requestSwitch,
  rolledBack,
  shifted,
  shiftSent,
} from "../deployment/deployment-transitions.ts";
import { actionStates, findExtendBlockers, findRetireBlockers } from "./action-rules.ts";
import { findRollbackBlockers, findRollbackTarget, rollbackWindow } from "./rollback-rules.ts";

const GREEN_LIVE = { weights: { blue: 0, green: 100 } };

function baking(): Deployment {
  let release = deployment();
  while (release.stage !== "PRE_PRODUCTION_TRAFFIC_SHIFT") release = advance(release, NOW);
  const asked = shiftSent(requestSwitch(release, { blue: 100, green: 0 }, NOW), { blue: 100, green: 0 }, NOW);
  const moved = shifted(asked, { attemptAt: NOW, alreadyThere: false, readBackMs: 20 }, NOW);
  return { ...advance(moved, NOW), bakeUntil: NOW + 600_000 };
}
const finished = (): Deployment => advance(advance(baking(), NOW), NOW);

test("every verb says why not before anything was ever done", () => {
  const states = actionStates(facts());
  expect(states.deploy.allowed).toBe(true);
  expect(states.switch.allowed).toBe(true);
  expect(states.rollback.blockers[0]?.code).toBe("NOTHING_TO_ROLL_BACK");
  expect(states.abort.blockers[0]?.code).toBe("NO_DEPLOYMENT_IN_FLIGHT");
  expect(states.extend.blockers[0]?.code).toBe("NOT_BAKING");
  expect(states.approve.blockers[0]?.code).toBe("NOT_WAITING_FOR_APPROVAL");
  expect(states.retire.blockers[0]?.code).toBe("NOT_FOUND");
});

test("while a release bakes, rollback, abort and extend are open and nothing else", () => {
  const states = actionStates(facts(observation(GREEN_LIVE), { deployment: baking() }));
  const open = Object.entries(states).filter(([, state]) => state.allowed);
  expect(open.map(([verb]) => verb).sort()).toEqual(["abort", "extend", "rollback"]);
  expect(states.retire.blockers[0]?.code).toBe("WINDOW_OPEN");
});

test("a rollback is instant while the old side is warm, and its window ends with the bake", () => {
  const at = facts(observation(GREEN_LIVE), { deployment: baking() });
  expect(findRollbackBlockers(at)).toEqual([]);
  expect(rollbackWindow(at)).toEqual({ until: NOW + 600_000, instant: true, estimateSeconds: 1, phase: "bake" });
});

test("after a finished release the window stays open while the old side is warm", () => {
  const at = facts(observation(GREEN_LIVE), { history: [finished()] });
  expect(findRollbackTarget(at)).toMatchObject({ to: "blue", turns: null });
  expect(rollbackWindow(at)).toMatchObject({ until: null, instant: true });
});

test("a rollback to a cold side is open and says what it costs: as long as the last scale-up", () => {
  const cold = { counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 }, targets: [] };
  const last = withStage(withStage(finished(), "SCALE_UP", { startedAt: NOW }), "POST_SCALE_UP", {
    finishedAt: NOW + 230_000,
  });
  const at = facts(observation({ ...GREEN_LIVE, blue: cold }), { history: [last] });
  expect(findRollbackBlockers(at)).toEqual([]);
  expect(rollbackWindow(at)).toMatchObject({ instant: false, estimateSeconds: 230 });
});

test("a side that runs another revision than the one that was live is not instant", () => {
  const at = facts(observation({ ...GREEN_LIVE, blue: slot("blue", { revision: revision(9) }) }), {
    history: [finished()],
  });
  expect(rollbackWindow(at)).toMatchObject({ instant: false });
});

test("a rollback to a side that is up and sick is refused: blue may be dead as well", () => {
  const sick = { targets: [target("a", "unhealthy"), target("b", "unhealthy")] };
  const at = facts(observation({ ...GREEN_LIVE, blue: sick }), { deployment: baking() });
  expect(findRollbackBlockers(at)).toMatchObject([{ code: "OLD_SIDE_NOT_HEALTHY" }]);
});

test("a rollback needs only what the sick live side still has", () => {
  const blue = { targets: [target("a"), target("b", "unhealthy")] };
  const green = { targets: [target("c", "unhealthy"), target("d", "unhealthy")] };
  expect(findRollbackBlockers(facts(observation({ ...GREEN_LIVE, blue, green }), { deployment: baking() }))).toEqual(
    [],
  );
});

test("there is no rollback of a rollback", () => {
  const back = rolledBack(requestAbort(baking(), "bad"), NOW);
  expect(findRollbackBlockers(facts(observation(), { history: [back] }))).toMatchObject([
    {
      code: "NOTHING_TO_ROLL_BACK",
      message: "Traffic was rolled back to blue already",
      fix: "Use switch to go to green",
    },
  ]);
  expect(findRollbackBlockers(facts(observation()))).toMatchObject([
    { message: "Nothing was switched by Switchyard that could be rolled back" },
  ]);
  expect(findRollbackBlockers(facts(observation(), { history: [finished()] }))).toMatchObject([
    { message: "Switchyard last moved traffic to green, and somebody else has moved it since: blue is live" },
  ]);
});

test("a failed release after a good one does not hide what a rollback brings back", () => {
  const failed = { ...deployment({ id: "d-2" }), status: "STOPPED" as const };
  expect(findRollbackTarget(facts(observation(GREEN_LIVE), { history: [failed, finished()] }))).toMatchObject({
    to: "blue",
  });
});

test("a bake can be extended and nothing else can", () => {
  expect(findExtendBlockers({ history: [], now: NOW, deployment: baking() })).toEqual([]);
  expect(findExtendBlockers({ history: [], now: NOW, deployment: deployment() })).toMatchObject([
    { code: "NOT_BAKING" },
  ]);
});

test("a side is only retired when it holds no weight", () => {
  expect(findRetireBlockers(facts(observation(GREEN_LIVE), { history: [finished()] }))).toEqual([]);
  const split = facts(observation({ weights: { blue: 80, green: 20 } }), { history: [finished()] });
  expect(findRetireBlockers(split)).toMatchObject([{ code: "STILL_LIVE" }]);
  expect(findRetireBlockers(facts(observation({ drift: "no forward" }), { history: [finished()] }))).toMatchObject([
    { code: "STILL_LIVE" },
  ]);
});
