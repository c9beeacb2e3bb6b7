import { expect, test } from "vitest";
import { deployment, NOW, observation, revision, target } from "../../testing/facts.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { revisionRegistered, sideStarted } from "../deployment/deployment-transitions.ts";
import type { Slot, Task } from "../observation/slot.ts";
import { englishOf, type Told } from "../sentence/told.ts";
import { failureEvidence, findNotReady, findNotUp, findScaleUpFailure } from "./scale-up-rules.ts";

const BOUNDS = { minimumHealthy: null, stableChecks: 3 };
const LATER = NOW + 60_000;

const started = (): Deployment => sideStarted(revisionRegistered(deployment(), revision(3), NOW), revision(3), 2, NOW);

function task(id: string, number: number, changes: Partial<Task> = {}): Task {
  return {
    arn: `arn:${id}`,
    id,
    lastStatus: "RUNNING",
    desiredStatus: "RUNNING",
    healthStatus: "UNKNOWN",
    startedAt: NOW,
    createdAt: NOW,
    stoppedAt: null,
    containers: [],
    taskDefinition: revision(number).taskDefinition,
    address: id,
    ...changes,
  };
}

const dead = (id: string, changes: Partial<Task> = {}) =>
  task(id, 3, {
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [{ name: "library", lastStatus: "STOPPED", exitCode: 1 }],
    ...changes,
  });

const look = (green: Partial<Slot>) => observation({ at: LATER, green: { revision: revision(3), ...green } });
const UP: Partial<Slot> = { tasks: [task("a", 3), task("b", 3)], targets: [target("a"), target("b")] };
const english = (told: Told | null) => told && englishOf(told);
const notReady = (green: Partial<Slot>) => english(findNotReady(BOUNDS, look(green), started(), revision(3)));

const ROLLING_OUT = { id: "r", state: "IN_PROGRESS", failedTasks: 0 } as const;

test("a side is ready once all its tasks run the new revision, are stable targets, and ECS's rollout is complete", () => {
  expect(notReady(UP)).toBeNull();
  expect(notReady({ ...UP, rollout: { ...ROLLING_OUT, state: "COMPLETED" } })).toBeNull();
  expect(notReady({ ...UP, rollout: ROLLING_OUT })).toBe("green is healthy; waits until ECS has completed its rollout");
  const targets = [target("a"), target("b"), target("old", "draining")];
  expect(notReady({ ...UP, targets, rollout: ROLLING_OUT })).toBe(
    "green is healthy; waits until ECS has completed its rollout: 1 old target drains, for up to 300 s",
  );
});

test("a side whose old targets still drain is up: nothing has to be put back", () => {
  expect(findNotUp(BOUNDS, look({ ...UP, rollout: ROLLING_OUT }), started(), revision(3))).toBeNull();
});

test.each<[string, Partial<Slot>, RegExp]>([
  ["ECS has not taken the revision", { ...UP, revision: revision(2) }, /take the new revision/],
  ["a task is missing", { ...UP, tasks: [task("a", 3)] }, /1 of 2 tasks/],
  ["a task is not registered", { ...UP, targets: [target("a"), target("x")] }, /task b is registered/],
  [
    "a target was seen healthy once",
    { ...UP, targets: [target("a", "healthy", 1), target("b")] },
    /seen healthy in 1 of 3 looks/,
  ],
  [
    "a target was seen healthy once while ECS still rolls out",
    {
      ...UP,
      rollout: { id: "r", state: "IN_PROGRESS", failedTasks: 0 },
      targets: [target("a", "healthy", 1), target("b")],
    },
    /seen healthy in 1 of 3 looks/,
  ],
  [
    "old tasks still run",
    { ...UP, tasks: [...(UP.tasks ?? []), task("o", 2)], rollout: { id: "r", state: "IN_PROGRESS", failedTasks: 0 } },
    /old revision still run/,
  ],
])("a side is not ready while %s", (_name, green, words) => {
  expect(notReady(green)).toMatch(words);
});

test("a look from before the start says nothing", () => {
  const early = observation({ at: NOW - 1, green: { revision: revision(3), ...UP } });
  expect(english(findNotReady(BOUNDS, early, started(), revision(3)))).toMatch(/Waits for a look/);
});

test("three dead tasks of the new revision are a failure with stop code and exit code; two are not", () => {
  const failure = (tasks: Task[]) => english(findScaleUpFailure(look({ tasks }), started(), revision(3), LATER));
  expect(failure([dead("a"), dead("b")])).toBeNull();
  expect(failure([dead("a"), dead("b"), dead("c")])).toBe(
    "green did not come up: 3 tasks stopped, newest EssentialContainerExited, library, exit code 1 (Essential container in task exited)",
  );
  const byElb = {
    stopCode: "ServiceSchedulerInitiated",
    stoppedReason: "Task failed ELB health checks in (target-group x)",
  };
  expect(failure([dead("a", byElb), dead("b", byElb), dead("c", byElb)])).toMatch(/Task failed ELB health checks/);
});

test("a release of 200 is ended by a hundred dead tasks, as by ECS's circuit breaker, unless the old side dies as fast", () => {
  const counts = { desired: 200, running: 200, pending: 0, healthy: 200, total: 200 };
  const many = (count: number, number: number) =>
    Array.from({ length: count }, (_, index) =>
      dead(`${number}-${index}`, { taskDefinition: revision(number).taskDefinition, stoppedAt: LATER }),
    );
  const failure = (count: number, old = 0) => {
    const sides = {
      green: { revision: revision(3), counts, tasks: many(count, 3) },
      blue: { counts, tasks: many(old, 1) },
    };
    return english(findScaleUpFailure(observation({ at: LATER, ...sides }), started(), revision(3), LATER));
  };
  expect(failure(99)).toBeNull();
  expect(failure(100)).toMatch(/100 tasks stopped/);
  expect(failure(100, 1)).toMatch(/100 tasks stopped/);
  expect(failure(100, 100)).toBeNull();
});

test("tasks that ECS stopped for its own reasons, or of another revision, are no failure", () => {
  const scaled = {
    stopCode: "ServiceSchedulerInitiated",
    stoppedReason: "Scaling activity initiated by (deployment x)",
  };
  const others = [dead("a", scaled), dead("b", scaled), dead("c", scaled), dead("d", { taskDefinition: "other" })];
  expect(english(findScaleUpFailure(look({ tasks: others }), started(), revision(3), LATER))).toBeNull();
});

test("a rollout that ECS failed, or turned back, is a failure", () => {
  const failed = {
    id: "r",
    state: "FAILED" as const,
    reason: "ECS deployment circuit breaker: task failed to start.",
    failedTasks: 3,
  };
  expect(english(findScaleUpFailure(look({ rollout: failed }), started(), revision(3), LATER))).toMatch(
    /circuit breaker/,
  );
  expect(english(findScaleUpFailure(look({ revision: revision(2) }), started(), revision(3), LATER))).toMatch(
    /another task definition/,
  );
});

test("what a failure left behind is kept: dead tasks and sick targets", () => {
  const evidence = failureEvidence(
    look({ tasks: [dead("a")], targets: [target("b", "unhealthy", 1, "Target.Timeout")] }),
    started(),
  );
  expect(evidence.tasks).toMatchObject([
    { id: "a", stopCode: "EssentialContainerExited", containers: [{ exitCode: 1 }] },
  ]);
  expect(evidence.targets).toMatchObject([{ id: "b", state: "unhealthy", reason: "Target.Timeout" }]);
});
