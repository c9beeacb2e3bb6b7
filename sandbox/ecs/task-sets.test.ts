import type * as Ecs from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { BLUE_GROUP, createFixture, type EcsFixture, GREEN_GROUP, LONELY_GROUP } from "./ecs-fixture.ts";

interface World extends EcsFixture {
  create(more?: Partial<Ecs.CreateTaskSetRequest>): Ecs.TaskSet;
  scale(set: Ecs.TaskSet, value: number): Ecs.TaskSet;
  remove(set: Ecs.TaskSet, force?: boolean): Ecs.TaskSet;
  promote(set: Ecs.TaskSet): void;
  /** As DescribeServices lists it; undefined once it is gone. */
  now(set: Ecs.TaskSet): Ecs.TaskSet | undefined;
  settle(set: Ecs.TaskSet): void;
  tasksOf(set: Ecs.TaskSet): Ecs.Task[];
}

/** A service with the EXTERNAL controller, four tasks wanted, no task set. */
function createWorld(more: Partial<Ecs.CreateServiceRequest> = {}): World {
  const fixture = createFixture();
  const here = { cluster: "main", service: "web" };
  fixture.call("CreateService", {
    cluster: "main",
    serviceName: "web",
    desiredCount: 4,
    deploymentController: { type: "EXTERNAL" },
    ...more,
  });
  const taskDefinition = fixture.register("1.0.0");
  const ask = (operation: string, input: object): Ecs.TaskSet => {
    const { taskSet } = fixture.call<{ taskSet?: Ecs.TaskSet }>(operation, { ...here, ...input });
    if (!taskSet) throw new Error(`${operation} answered without a task set.`);
    return taskSet;
  };
  const world: World = {
    ...fixture,
    create: (input = {}) =>
      ask("CreateTaskSet", {
        taskDefinition,
        launchType: "FARGATE",
        networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
        loadBalancers: [{ targetGroupArn: BLUE_GROUP, containerName: "library", containerPort: 8081 }],
        scale: { value: 50, unit: "PERCENT" },
        ...input,
      }),
    scale: (set, value) => ask("UpdateTaskSet", { taskSet: set.id, scale: { value, unit: "PERCENT" } }),
    remove: (set, force) => ask("DeleteTaskSet", { taskSet: set.id, force }),
    promote: (set) => void ask("UpdateServicePrimaryTaskSet", { primaryTaskSet: set.id }),
    now: (set) => fixture.service().taskSets?.find(({ id }) => id === set.id),
    settle: (set) => fixture.advanceUntil(() => world.now(set)?.stabilityStatus === "STEADY_STATE", "steady"),
    tasksOf(set) {
      const { taskArns = [] } = fixture.call<Ecs.ListTasksResponse>("ListTasks", {
        cluster: "main",
        startedBy: set.id,
      });
      if (taskArns.length === 0) return [];
      return fixture.call<Ecs.DescribeTasksResponse>("DescribeTasks", { cluster: "main", tasks: taskArns }).tasks ?? [];
    },
  };
  return world;
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Error && "code" in error) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error("It was not refused.");
}

test("an EXTERNAL service starts nothing by itself and has no revision before it has a primary task set", () => {
  const world = createWorld();
  world.clock.advance(10_000);
  expect(world.service()).toMatchObject({
    deploymentController: { type: "EXTERNAL" },
    desiredCount: 4,
    runningCount: 0,
    deployments: [],
    taskSets: [],
    loadBalancers: [],
  });
  expect(world.service().taskDefinition).toBeUndefined();
  expect(world.tasks()).toEqual([]);
});

test.each([
  ["taskDefinition", "library", "TaskDefinition must be blank."],
  ["loadBalancers", [{ targetGroupArn: BLUE_GROUP }], "Load balancers must be blank."],
  ["networkConfiguration", { awsvpcConfiguration: { subnets: ["s"] } }, "Network configuration must be blank."],
])("an EXTERNAL service is refused with %s, which belongs to its task sets", (name, value, message) => {
  expect(refusal(() => createWorld({ [name]: value }))).toBe(`InvalidParameterException: ${message}`);
});

test("a task set runs its share of the service, rounded up, and becomes steady when all targets are healthy", () => {
  const world = createWorld({ desiredCount: 3 });
  const set = world.create({ externalId: "blue", tags: [{ key: "a", value: "b" }] });
  expect(set).toMatchObject({
    id: expect.stringMatching(/^ecs-svc\/\d{19}$/),
    status: "ACTIVE",
    externalId: "blue",
    computedDesiredCount: 2,
    runningCount: 0,
    scale: { value: 50, unit: "PERCENT" },
    stabilityStatus: "STABILIZING",
    launchType: "FARGATE",
    tags: [{ key: "a", value: "b" }],
  });
  expect(set.taskSetArn).toBe(`arn:aws:ecs:ap-northeast-2:123456789012:task-set/main/web/${set.id}`);
  world.advanceUntil(() => world.now(set)?.runningCount === 2, "two run");
  expect(world.now(set)?.stabilityStatus).toBe("STABILIZING");
  world.settle(set);
  expect(world.targets.list(BLUE_GROUP)).toHaveLength(2);
  expect(world.now(set)?.stabilityStatusAt).toEqual(new Date(world.clock.now()));
  expect(world.tasksOf(set)).toMatchObject([
    { group: "service:web", startedBy: set.id, lastStatus: "RUNNING" },
    { group: "service:web", startedBy: set.id, lastStatus: "RUNNING" },
  ]);
  world.advanceUntil(() => world.messages().at(-1) === "(service web) has reached a steady state.", "said so");
});

test("without a scale a task set runs nothing", () => {
  const world = createWorld();
  const set = world.create({ scale: undefined });
  world.clock.advance(10_000);
  expect(world.now(set)).toMatchObject({ scale: { value: 0 }, computedDesiredCount: 0, runningCount: 0 });
});

test("is not steady while a target is unhealthy, nor while a task is on its way", () => {
  const world = createWorld();
  const set = world.create();
  world.settle(set);
  world.targets.force = { state: "unhealthy", reason: "Target.Timeout" };
  expect(world.now(set)).toMatchObject({ runningCount: 2, pendingCount: 0, stabilityStatus: "STABILIZING" });
  world.targets.force = null;
  expect(world.now(set)?.stabilityStatus).toBe("STEADY_STATE");
  world.scale(set, 75);
  expect(world.now(set)).toMatchObject({ computedDesiredCount: 3, runningCount: 2, stabilityStatus: "STABILIZING" });
});

test("UpdateTaskSet changes only its own task set, up and down", () => {
  const world = createWorld();
  const blue = world.create();
  const green = world.create({
    loadBalancers: [{ targetGroupArn: GREEN_GROUP, containerName: "library", containerPort: 8081 }],
  });
  world.settle(blue);
  world.settle(green);
  const before = world.tasksOf(blue).map(({ taskArn }) => taskArn);
  world.scale(green, 100);
  world.settle(green);
  expect(world.tasksOf(green)).toHaveLength(4);
  world.scale(green, 0);
  world.settle(green);
  expect(world.tasksOf(green)).toEqual([]);
  // The fixture's groups forget a drained target when they are asked for it.
  world.advanceUntil(() => world.tasks("STOPPED").every((task) => task.lastStatus === "STOPPED"), "drained");
  expect(world.targets.list(GREEN_GROUP)).toEqual([]);
  expect(world.tasksOf(blue).map(({ taskArn }) => taskArn)).toEqual(before);
});

test("the service's desired count scales every task set", () => {
  const world = createWorld();
  const [half, whole] = [world.create(), world.create({ scale: { value: 100, unit: "PERCENT" } })];
  world.update({ desiredCount: 5 });
  expect(world.now(half)?.computedDesiredCount).toBe(3);
  expect(world.now(whole)?.computedDesiredCount).toBe(5);
  world.settle(half);
  world.settle(whole);
  expect(world.service()).toMatchObject({ desiredCount: 5, runningCount: 8 });
});

test("UpdateService refuses everything but desired count, grace period, placement and tag settings", () => {
  const world = createWorld();
  world.update({ healthCheckGracePeriodSeconds: 30, propagateTags: "SERVICE", enableECSManagedTags: true });
  expect(world.service()).toMatchObject({ healthCheckGracePeriodSeconds: 30, propagateTags: "SERVICE" });
  expect(refusal(() => world.update({ desiredCount: 9, taskDefinition: "library:1" }))).toBe(
    "InvalidParameterException: Unable to update task definition on services with an EXTERNAL deployment controller.",
  );
  expect(refusal(() => world.update({ forceNewDeployment: true }))).toMatch(/^InvalidParameterException: Cannot force/);
  expect(refusal(() => world.update({ deploymentConfiguration: { maximumPercent: 150 } }))).toMatch(
    /^InvalidParameterException: Unable to update deploymentConfiguration/,
  );
  expect(world.service().desiredCount).toBe(4);
});

test("the primary task set lends the service its values and moves no target", () => {
  const world = createWorld();
  const blue = world.create();
  const next = world.register("1.1.0");
  const green = world.create({
    taskDefinition: next,
    loadBalancers: [{ targetGroupArn: GREEN_GROUP, containerName: "library", containerPort: 8081 }],
  });
  world.settle(blue);
  world.settle(green);
  world.promote(blue);
  expect(world.service()).toMatchObject({ taskDefinition: blue.taskDefinition, loadBalancers: blue.loadBalancers });
  const targets = [world.targets.list(BLUE_GROUP), world.targets.list(GREEN_GROUP)];
  world.promote(green);
  world.clock.advance(5000);
  expect(world.service()).toMatchObject({
    taskDefinition: next,
    launchType: "FARGATE",
    loadBalancers: [{ targetGroupArn: GREEN_GROUP }],
  });
  expect([world.now(blue)?.status, world.now(green)?.status]).toEqual(["ACTIVE", "PRIMARY"]);
  expect([world.targets.list(BLUE_GROUP), world.targets.list(GREEN_GROUP)]).toEqual(targets);
});

test("a task set is deleted only when it is scaled to zero and not primary, unless forced", () => {
  const world = createWorld();
  const set = world.create();
  const other = world.create({ scale: { value: 0, unit: "PERCENT" } });
  world.settle(set);
  expect(refusal(() => world.remove(set))).toBe(
    "InvalidParameterException: TaskSet cannot be deleted while it is scaled above 0.",
  );
  world.promote(other);
  expect(refusal(() => world.remove(other))).toBe("InvalidParameterException: Primary TaskSet cannot be deleted");
  world.scale(set, 0);
  expect(world.remove(set)).toMatchObject({ status: "DRAINING", computedDesiredCount: 0 });
  world.advanceUntil(() => world.now(set) === undefined, "gone");
  expect(world.now(other)).toBeDefined();
  expect(refusal(() => world.remove(set))).toBe("TaskSetNotFoundException: The specified task set was not found.");
});

test("a forced deletion drains its targets before its tasks stop, and says so", () => {
  const world = createWorld();
  const set = world.create();
  world.settle(set);
  world.promote(set);
  expect(world.remove(set, true)).toMatchObject({ status: "DRAINING", computedDesiredCount: 0 });
  expect(world.remove(set)).toMatchObject({ status: "DRAINING" });
  world.clock.advance(2000);
  expect(world.now(set)).toMatchObject({ status: "DRAINING" });
  expect(world.messages().slice(-3)).toEqual([
    expect.stringContaining(`(service web, taskSet ${set.id}) has stopped 2 running tasks: (task `),
    `(service web, taskSet ${set.id}) deregistered 2 targets in (target-group ${BLUE_GROUP})`,
    `(service web, taskSet ${set.id}) has begun draining connections on 2 tasks.`,
  ]);
  world.advanceUntil(() => world.now(set) === undefined, "gone");
  const [stopped] = world.tasks("STOPPED");
  expect(stopped).toMatchObject({
    startedBy: set.id,
    stopCode: "ServiceSchedulerInitiated",
    stoppedReason: `Scaling activity initiated by (deployment ${set.id})`,
  });
  expect(world.service().taskDefinition).toBeUndefined();
});

test("creating a task set again with the same token makes no second one", () => {
  const world = createWorld();
  const first = world.create({ clientToken: "once" });
  expect(world.create({ clientToken: "once" }).id).toBe(first.id);
  expect(world.service().taskSets).toHaveLength(1);
  expect(world.create({ clientToken: "twice" }).id).not.toBe(first.id);
  const notIdempotent = "InvalidParameterException: Creation of TaskSet was not idempotent.";
  expect(refusal(() => world.create({ clientToken: "once", taskDefinition: world.register("1.1.0") }))).toBe(
    notIdempotent,
  );
  world.remove(first, true);
  expect(refusal(() => world.create({ clientToken: "once" }))).toBe(notIdempotent);
  expect(refusal(() => world.create({ clientToken: "x".repeat(37) }))).toMatch(/^InvalidParameterException/);
});

test("refuses what AWS refuses of task sets", () => {
  const world = createWorld();
  const balancer = { targetGroupArn: BLUE_GROUP, containerName: "library", containerPort: 8081 };
  const call = (operation: string, input: object) =>
    refusal(() => world.call(operation, { cluster: "main", service: "web", ...input }));
  expect(refusal(() => world.create({ loadBalancers: [{ ...balancer, targetGroupArn: LONELY_GROUP }] }))).toMatch(
    /does not have an associated load balancer/,
  );
  expect(refusal(() => world.create({ networkConfiguration: undefined }))).toMatch(/Network Configuration must/);
  expect(refusal(() => world.create({ scale: { value: 101, unit: "PERCENT" } }))).toMatch(/between 0 and 100/);
  expect(refusal(() => world.create({ taskDefinition: "nothing" }))).toBe("ClientException: TaskDefinition not found.");
  expect(call("DescribeTaskSets", {})).toBe("InvalidParameterException: taskSets can not be empty.");
  expect(call("DescribeTaskSets", { taskSets: ["nonsense"] })).toBe(
    "InvalidParameterException: Task Set Identifier is invalid",
  );
  expect(call("UpdateTaskSet", { taskSet: "ecs-svc/1", scale: { value: 1, unit: "PERCENT" } })).toBe(
    "TaskSetNotFoundException: The specified task set was not found.",
  );
  for (let i = 0; i < 5; i += 1) world.create({ scale: undefined });
  expect(refusal(() => world.create())).toBe(
    "InvalidParameterException: 5 deployments exist on the service. Unable to create new TaskSet since this exceeds the maximum limit.",
  );
});

test("a service with the rolling controller has no task sets", () => {
  const fixture = createFixture();
  const taskDefinition = fixture.register("1.0.0");
  fixture.createService(taskDefinition);
  const here = { cluster: "main", service: "web" };
  expect(refusal(() => fixture.call("CreateTaskSet", { ...here, taskDefinition }))).toBe(
    "InvalidParameterException: Amazon ECS only supports task set management on services configured to use external deployment controllers.",
  );
});

test("DescribeTaskSets names by id or ARN, tells what is missing, and shows tags only when asked", () => {
  const world = createWorld();
  const set = world.create({ tags: [{ key: "side", value: "blue" }] });
  const missing = set.taskSetArn?.replace(/\d+$/, "1") ?? "";
  const describeSets = (include?: string[]) =>
    world.call<Ecs.DescribeTaskSetsResponse>("DescribeTaskSets", {
      cluster: "main",
      service: "web",
      taskSets: [set.id, set.taskSetArn, missing],
      include,
    });
  expect(describeSets()).toMatchObject({
    taskSets: [
      { id: set.id, tags: [] },
      { id: set.id, tags: [] },
    ],
    failures: [{ arn: missing, reason: "MISSING" }],
  });
  expect(describeSets(["TAGS"]).taskSets?.[0]?.tags).toEqual([{ key: "side", value: "blue" }]);
  expect(world.call("ListTagsForResource", { resourceArn: set.taskSetArn })).toEqual({
    tags: [{ key: "side", value: "blue" }],
  });
});

test("replaces a task that dies, in its own task set", () => {
  const world = createWorld();
  const set = world.create();
  world.settle(set);
  const [task] = world.tasksOf(set);
  expect(world.ecs.controls.kill(task?.taskArn ?? "")).toBe(true);
  world.advanceUntil(() => world.now(set)?.stabilityStatus === "STABILIZING", "noticed");
  world.settle(set);
  expect(world.tasksOf(set)).toHaveLength(2);
  expect(world.tasksOf(set).map(({ taskArn }) => taskArn)).not.toContain(task?.taskArn);
});

test("a task set of an unhealthy image never becomes steady and names the health check", () => {
  const world = createWorld();
  const set = world.create({ taskDefinition: world.register("1.2.0-unhealthy") });
  world.advanceUntil(() => world.tasks("STOPPED").length >= 2, "replaced");
  expect(world.now(set)?.stabilityStatus).toBe("STABILIZING");
  expect(world.tasks("STOPPED")[0]?.stoppedReason).toBe(
    `Task failed ELB health checks in (target-group ${BLUE_GROUP})`,
  );
  expect(world.messages().some((text) => text.includes("is unhealthy in (target-group"))).toBe(true);
});

test("a service with task sets is deleted by force only, and takes its task sets with it", () => {
  const world = createWorld();
  const set = world.create();
  world.settle(set);
  world.update({ desiredCount: 0 });
  world.advanceUntil(() => world.tasks().length === 0, "scaled in");
  const remove = (force?: boolean) => world.call("DeleteService", { cluster: "main", service: "web", force });
  expect(refusal(() => remove())).toBe(
    "InvalidParameterException: The service cannot be stopped while deployments are active.",
  );
  remove(true);
  world.advanceUntil(() => world.service().status === "INACTIVE", "inactive");
  expect(world.service().taskSets).toEqual([]);
});
