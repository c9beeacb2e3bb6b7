import { describe, expect, test } from "vitest";
import { deployment, facts, NOW, observation, revision } from "../../testing/facts.ts";
import type { Deployment } from "../deployment/deployment.ts";
import type { RevisionState } from "../observation/revision-state.ts";
import { findAlarms } from "./alarms.ts";
import { findRollbackBlockers, rollbackWindow } from "./rollback-rules.ts";

/* Green is live after a switch, blue ran revision 1 and is cold. */

const state = (changes: Partial<RevisionState>): RevisionState => ({
  definition: "ACTIVE",
  image: "there",
  checkedAt: NOW - 5_000,
  since: NOW - 60_000,
  ...changes,
});

const cold = { counts: { desired: 0, running: 0, pending: 0, healthy: 0, total: 0 }, targets: [] };

/** `isHeld`: whether blue's service or task set still names what it ran. */
function world(known: RevisionState | null, isHeld = true, isCold = true) {
  const before = observation();
  const begun = deployment({ kind: "SWITCH", requested: null, observation: before });
  const switched: Deployment = {
    ...begun,
    status: "SUCCESSFUL",
    finishedAt: NOW - 60_000,
    plan: begun.plan && {
      ...begun.plan,
      shift: { to: "green", expected: before.traffic.weights, sentAt: NOW, readBackMs: 9 },
    },
  };
  const look = observation({
    weights: { blue: 0, green: 100 },
    blue: { ...(isCold ? cold : {}), revision: isHeld ? revision(1) : null },
  });
  const revisions = known ? { [revision(1).taskDefinition]: known } : undefined;
  return facts({ ...look, ...(revisions ? { revisions } : {}) }, { history: [switched] });
}

describe("a cold way back", () => {
  test("is offered as it always was while nothing is known against it", () => {
    for (const known of [null, state({}), state({ image: "unknown" })]) {
      expect(findRollbackBlockers(world(known))).toEqual([]);
      expect(rollbackWindow(world(known))).not.toHaveProperty("startNote");
    }
  });

  test.each([
    ["names another image by now", false],
    ["is gone", true],
  ])("whose tag %s is started from a copy that is pinned to what ran, held or not", (_, isLost) => {
    const image = "1.dkr.ecr.eu-west-1.amazonaws.com/library:prod";
    const ran = `sha256:${"a".repeat(64)}`;
    for (const isHeld of [true, false])
      for (const definition of ["ACTIVE", "INACTIVE"]) {
        const known = isLost ? { lostTags: [image] } : { digests: { [image]: `sha256:${"b".repeat(64)}` } };
        const now = world(state({ definition, ...known }), isHeld);
        const history = now.history.map((one) => ({
          ...one,
          fromRevision: { ...revision(1), image, tag: "prod", digest: ran },
        }));
        const moved = { ...now, history };
        expect(findRollbackBlockers(moved)).toEqual([]);
        expect(rollbackWindow(moved)?.startNote).toMatch(
          isLost
            ? /^tag prod is gone; a copy with the image that ran/
            : /^tag prod names another image now; a copy with the one that ran/,
        );
        const same = world(state({ digests: { [image]: ran } }), isHeld);
        expect(rollbackWindow({ ...same, history })).not.toHaveProperty("startNote");
      }
  });

  test("says when it was checked", () => {
    expect(rollbackWindow(world(state({})))).toMatchObject({ startCheckedAt: NOW - 5_000 });
    expect(rollbackWindow(world(null))).not.toHaveProperty("startCheckedAt");
  });

  test.each([
    ["INACTIVE", true, "library:1 is INACTIVE; blue still holds it, so only its count is raised"],
    ["DELETE_IN_PROGRESS", true, "library:1 is DELETE_IN_PROGRESS; blue still holds it, so only its count is raised"],
    ["INACTIVE", false, "library:1 is INACTIVE; a copy of it is registered first"],
  ])("from a revision that is %s (held: %s) says what it takes", (definition, isHeld, startNote) => {
    const now = world(state({ definition }), isHeld);
    expect(findRollbackBlockers(now)).toEqual([]);
    expect(rollbackWindow(now)).toMatchObject({ startNote });
  });

  test.each([
    [
      { image: "deleted" } as const,
      true,
      "IMAGE_NOT_FOUND",
      "blue cannot be started with 1: its image was deleted from ECR",
    ],
    [{ image: "deleted", definition: "INACTIVE" } as const, false, "IMAGE_NOT_FOUND", "its image was deleted from ECR"],
    [{ definition: "MISSING" }, false, "TASK_DEFINITION_NOT_FOUND", "its task definition library:1 is MISSING"],
    [{ definition: "DELETE_IN_PROGRESS" }, false, "TASK_DEFINITION_NOT_FOUND", "library:1 is DELETE_IN_PROGRESS"],
  ])("that cannot be started is blocked with words: %j", (changes, isHeld, code, words) => {
    expect(findRollbackBlockers(world(state(changes), isHeld))).toMatchObject([
      { code, message: expect.stringContaining(words) },
    ]);
  });
});

test("a warm way back needs nothing started, so nothing of that blocks it, but it is told that it is at risk", () => {
  const now = world(state({ image: "deleted" }), true, false);
  expect(findRollbackBlockers(now)).toEqual([]);
  expect(findAlarms(now)).toMatchObject([
    {
      severity: "warning",
      slot: "blue",
      message: "The way back to blue is not there once its tasks are gone: the image of 1 was deleted from ECR",
      since: NOW - 60_000,
    },
  ]);
});

test.each([
  [{ definition: "INACTIVE" }, "The way back to blue is at risk: task definition library:1 is INACTIVE"],
  [
    { image: "untagged" } as const,
    "The way back to blue is at risk: the image of 1 has no tag any more, and lifecycle policies delete untagged images first",
  ],
])("what is about to go is told: %j", (changes, message) => {
  expect(findAlarms(world(state(changes)))).toMatchObject([{ severity: "warning", slot: "blue", message }]);
});

test("a live side whose image was deleted is told of: it can start no new task", () => {
  const look = { ...observation(), revisions: { [revision(1).taskDefinition]: state({ image: "deleted" }) } };
  expect(findAlarms(facts(look))).toMatchObject([
    { slot: "blue", message: "blue can start no new task: the image of 1 was deleted from ECR" },
  ]);
});
