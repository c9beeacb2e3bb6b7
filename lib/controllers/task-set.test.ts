import type * as Sdk from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { AwsFailure } from "../aws/errors.ts";
import type { TaskSetReading } from "../aws/task-sets.ts";
import type { Application } from "../domain/application/application.ts";
import type { Revision, SlotColor } from "../domain/observation/slot.ts";
import { percentFor, sidesOf, sideTaskSets } from "../gather/task-set-sides.ts";
import { resolveApplication } from "../resolve/resolve-application.ts";
import { type LibraryWorld, libraryConfig, until } from "../testing/library-world.ts";
import { startTaskSetWorld, taskSetConfig } from "../testing/task-set-world.ts";
import { createTaskSetController } from "./task-set.ts";

const HERE = { cluster: "library-management-cluster", service: "library-service" };
const BLUE = { blue: 100, green: 0 };
const GREEN = { blue: 0, green: 100 };

/** Calls ECS behind Switchyard's back. */
async function ask<Output>({ sandbox }: LibraryWorld, operation: string, input: object): Promise<Output> {
  const handler = sandbox.ecs.service.operations[operation];
  if (!handler) throw new Error(`${operation} is missing`);
  return (await handler({ ...HERE, ...input }, { requestId: "test", signal: new AbortController().signal })) as Output;
}

async function service(world: LibraryWorld): Promise<Sdk.Service> {
  const answer = await ask<Sdk.DescribeServicesResponse>(world, "DescribeServices", { services: [HERE.service] });
  if (!answer.services?.[0]) throw new Error("There is no library-service");
  return answer.services[0];
}

async function setsOf(world: LibraryWorld, slot: SlotColor): Promise<Sdk.TaskSet[]> {
  const arn = world.application.slots[slot].targetGroupArn;
  return ((await service(world)).taskSets ?? []).filter((set) => set.loadBalancers?.[0]?.targetGroupArn === arn);
}

async function onlySet(world: LibraryWorld, slot: SlotColor): Promise<Sdk.TaskSet> {
  const [set, ...more] = await setsOf(world, slot);
  if (!set || more.length > 0) throw new Error(`${slot} has ${more.length + (set ? 1 : 0)} task sets`);
  return set;
}

async function register(world: LibraryWorld, tag: string): Promise<Revision> {
  const image = `123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/library-management-system:${tag}`;
  return (await world.controller.registerRevision(world.application, "green", { image }, `d-${tag}`)).value;
}

function moveWeights({ sandbox }: LibraryWorld, blue: number, green: number): void {
  sandbox.elb.controls.setWeights("library-alb:80", { "library-blue-tg": blue, "library-green-tg": green });
}

test("a new revision is a new task set beside the old one's settings, and the old one drains", async () => {
  const world = await startTaskSetWorld();
  const old = await onlySet(world, "green");
  await world.controller.startSide(world.application, "green", await register(world, "1.1.0"), 2, "d-1");
  const [first, second] = await setsOf(world, "green");
  expect(first).toMatchObject({ id: old.id, status: "DRAINING" });
  expect(second).toMatchObject({
    status: "ACTIVE",
    externalId: "switchyard:green",
    scale: { value: 100, unit: "PERCENT" },
    launchType: "FARGATE",
    networkConfiguration: old.networkConfiguration,
    loadBalancers: old.loadBalancers,
  });
  const { green } = (await world.controller.observe(world.application)).slots;
  expect(green).toMatchObject({ service: "library-service", taskSet: second?.id });
});

test("one DescribeServices tells both sides: task sets cost no call of their own", async () => {
  const world = await startTaskSetWorld();
  world.sandbox.calls.reset();
  await world.controller.observe(world.application);
  expect(world.calls("ecs.DescribeServices")).toBe(1);
  expect(world.calls("ecs.DescribeTaskSets")).toBe(0);
  expect(world.calls("ecs.ListTasks")).toBe(2);
});

test.each([
  ["live", 100, 0, "blue"],
  ["a canary", 99, 1, "green"],
] as const)("a side that is %s keeps its task set", async (_role, blue, green, slot) => {
  const world = await startTaskSetWorld();
  moveWeights(world, blue, green);
  const before = await onlySet(world, slot);
  const refusal = { name: "AwsFailure", code: "SideHoldsWeight", retryable: false };
  const revision = await register(world, "1.1.0");
  await expect(world.controller.startSide(world.application, slot, revision, 2, "d-1")).rejects.toMatchObject(refusal);
  await expect(world.controller.retireSide?.(world.application, slot)).rejects.toMatchObject(refusal);
  expect(await onlySet(world, slot)).toMatchObject({ id: before.id, scale: before.scale });
  expect(world.calls("ecs.CreateTaskSet") + world.calls("ecs.DeleteTaskSet")).toBe(0);
});

test("a side with traffic may still get more tasks of what it runs", async () => {
  const world = await startTaskSetWorld();
  const { revision } = (await world.controller.observe(world.application)).slots.blue;
  if (!revision) throw new Error("blue has no revision");
  await world.controller.startSide(world.application, "blue", revision, 3, "d-1");
  expect(await onlySet(world, "blue")).toMatchObject({ computedDesiredCount: 3 });
  expect(await onlySet(world, "green")).toMatchObject({ computedDesiredCount: 2, scale: { value: 66.66 } });
  expect((await service(world)).desiredCount).toBe(3);
});

test("keeps the old task set when AWS refuses the new one", async () => {
  const world = await startTaskSetWorld();
  const old = await onlySet(world, "green");
  const revision = { ...(await register(world, "1.1.0")), taskDefinition: "nothing:1" };
  await expect(world.controller.startSide(world.application, "green", revision, 2, "d-1")).rejects.toBeInstanceOf(
    AwsFailure,
  );
  expect(await onlySet(world, "green")).toMatchObject({ id: old.id, status: "ACTIVE", scale: { value: 100 } });
});

test("weight that arrives between the new task set and the removal of the old one keeps the old one", async () => {
  const world = await startTaskSetWorld();
  const old = await onlySet(world, "green");
  const revision = await register(world, "1.1.0");
  const { taskSets } = world.aws;
  const controller = createTaskSetController({
    ...world.aws,
    taskSets: {
      ...taskSets,
      async create(...request) {
        const made = await taskSets.create(...request);
        moveWeights(world, 50, 50);
        return made;
      },
    },
  });
  const starting = controller.startSide(world.application, "green", revision, 2, "d-1");
  await expect(starting).rejects.toMatchObject({ code: "SideHoldsWeight" });
  expect((await setsOf(world, "green")).find(({ id }) => id === old.id)).toMatchObject({ status: "ACTIVE" });
  // With the weight gone the same call clears up.
  moveWeights(world, 100, 0);
  await world.controller.startSide(world.application, "green", revision, 2, "d-1");
  expect((await setsOf(world, "green")).find(({ id }) => id === old.id)?.status).not.toBe("ACTIVE");
  expect(world.calls("ecs.CreateTaskSet")).toBe(1);
});

test("the shift makes the live side's task set the primary one, once", async () => {
  const world = await startTaskSetWorld();
  const { controller, application, calls } = world;
  await controller.shift(application, BLUE, GREEN);
  expect((await service(world)).loadBalancers?.[0]?.targetGroupArn).toBe(application.slots.blue.targetGroupArn);
  expect((await controller.afterShift?.(application, "green"))?.requestId).not.toBeNull();
  expect((await controller.afterShift?.(application, "green"))?.requestId).toBeNull();
  expect(calls("ecs.UpdateServicePrimaryTaskSet")).toBe(1);
  expect(await onlySet(world, "green")).toMatchObject({ status: "PRIMARY" });
  expect((await service(world)).loadBalancers?.[0]?.targetGroupArn).toBe(application.slots.green.targetGroupArn);
});

test("who is primary says nothing about who is live", async () => {
  const world = await startTaskSetWorld();
  const green = await onlySet(world, "green");
  await ask(world, "UpdateServicePrimaryTaskSet", { primaryTaskSet: green.id });
  const { traffic, slots } = await world.controller.observe(world.application);
  expect([traffic.live, slots.blue.role, slots.green.role]).toEqual(["blue", "live", "standby"]);
});

test("a retired side is scaled to zero, then its task set is deleted; again does nothing", async () => {
  const world = await startTaskSetWorld();
  const { controller, application, sandbox } = world;
  await controller.retireSide?.(application, "green");
  const changes = sandbox.calls.journal().map(({ operation }) => operation);
  expect(changes.slice(-2)).toEqual(["UpdateTaskSet", "DeleteTaskSet"]);
  await until(async () => (await setsOf(world, "green")).length === 0, "the task set to go");
  expect((await controller.retireSide?.(application, "green"))?.requestId).toBeNull();
  const { slots } = await controller.observe(application);
  expect(slots.green).toMatchObject({ role: "empty", revision: null, counts: { desired: 0, running: 0 } });
  expect(slots.green.taskSet).toBeUndefined();
  expect(slots.blue.counts.desired).toBe(2);
});

test("a primary task set is retired only once the live one has taken its place", async () => {
  const world = await startTaskSetWorld();
  const green = await onlySet(world, "green");
  await ask(world, "UpdateServicePrimaryTaskSet", { primaryTaskSet: green.id });
  await world.controller.retireSide?.(world.application, "green");
  expect(await onlySet(world, "blue")).toMatchObject({ status: "PRIMARY" });
  await until(async () => (await setsOf(world, "green")).length === 0, "the task set to go");
});

test("an empty side starts again with the other side's settings in its own target group", async () => {
  const world = await startTaskSetWorld();
  const { controller, application } = world;
  const blue = await onlySet(world, "blue");
  await controller.retireSide?.(application, "green");
  await until(async () => (await setsOf(world, "green")).length === 0, "the task set to go");
  const request = { image: "123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/library-management-system:1.1.0" };
  const plan = await controller.planRevision(application, "green", request);
  expect(plan.current?.arn).toBe(blue.taskDefinition);
  await controller.startSide(application, "green", await register(world, "1.1.0"), 1, "d-1");
  const [balancer] = blue.loadBalancers ?? [];
  expect(await onlySet(world, "green")).toMatchObject({
    computedDesiredCount: 1,
    scale: { value: 50 },
    networkConfiguration: blue.networkConfiguration,
    loadBalancers: [{ ...balancer, targetGroupArn: application.slots.green.targetGroupArn }],
  });
});

test("without any task set there is nothing to copy from, and it says so", async () => {
  const world = await startTaskSetWorld();
  for (const { id } of (await service(world)).taskSets ?? [])
    await ask(world, "DeleteTaskSet", { taskSet: id, force: true });
  const request = { image: "library:1" };
  await expect(world.controller.planRevision(world.application, "green", request)).rejects.toMatchObject({
    code: "NoTaskSet",
    message: expect.stringContaining("library-service has no task set"),
  });
});

test("a task set in both target groups belongs to no side, and nothing is written", async () => {
  const world = await startTaskSetWorld();
  const green = await onlySet(world, "green");
  const { blue } = world.application.slots;
  await ask(world, "CreateTaskSet", {
    taskDefinition: green.taskDefinition,
    launchType: "FARGATE",
    networkConfiguration: green.networkConfiguration,
    loadBalancers: [
      ...(green.loadBalancers ?? []),
      ...(green.loadBalancers ?? []).map((one) => ({ ...one, targetGroupArn: blue.targetGroupArn })),
    ],
  });
  for (const act of [
    () => world.controller.scaleSide(world.application, "green", 0),
    () => world.controller.retireSide?.(world.application, "green"),
  ])
    await expect(act()).rejects.toMatchObject({ code: "TaskSetOnBothSides" });
  expect(await setsOf(world, "green")).toMatchObject([{ scale: { value: 100 } }, {}]);
});

test("a lost answer to CreateTaskSet makes no second task set", async () => {
  const world = await startTaskSetWorld();
  const revision = await register(world, "1.1.0");
  world.fault("reset", { service: "ecs", operation: "CreateTaskSet", phase: "after" });
  await world.controller.startSide(world.application, "green", revision, 2, "d-1");
  const made = (await setsOf(world, "green")).filter(
    ({ taskDefinition }) => taskDefinition === revision.taskDefinition,
  );
  expect(made).toHaveLength(1);
  expect(world.calls("ecs.CreateTaskSet")).toBe(2);
});

test("an answer of DeleteTaskSet that was lost is settled by looking", async () => {
  const world = await startTaskSetWorld();
  world.fault("reset", { service: "ecs", operation: "DeleteTaskSet", phase: "after" });
  await world.controller.retireSide?.(world.application, "green");
  expect(world.calls("ecs.DeleteTaskSet")).toBe(1);
  await until(async () => (await setsOf(world, "green")).length === 0, "the task set to go");
});

test("task sets that a crashed deployment left behind go with the next one, and live keeps its own", async () => {
  const world = await startTaskSetWorld();
  const { controller, application } = world;
  const green = await onlySet(world, "green");
  const blue = await onlySet(world, "blue");
  // Made, and then the process died before it removed the one before.
  for (const token of ["one", "two"])
    await ask(world, "CreateTaskSet", {
      clientToken: token,
      taskDefinition: green.taskDefinition,
      launchType: "FARGATE",
      networkConfiguration: green.networkConfiguration,
      loadBalancers: green.loadBalancers,
      scale: { value: 50, unit: "PERCENT" },
    });
  expect(await setsOf(world, "green")).toHaveLength(3);
  const revision = await register(world, "1.1.0");
  await controller.startSide(application, "green", revision, 2, "d-1");
  await until(async () => (await setsOf(world, "green")).length === 1, "the others to go");
  expect(await onlySet(world, "green")).toMatchObject({ taskDefinition: revision.taskDefinition });
  expect(await onlySet(world, "blue")).toMatchObject({ id: blue.id, status: "PRIMARY", scale: { value: 100 } });
});

test("tasks of a task set that is gone are still told on its side", async () => {
  const world = await startTaskSetWorld();
  const { controller, application } = world;
  const tasksOfGreen = async () => (await controller.observe(application)).slots.green.tasks;
  await until(async () => (await tasksOfGreen()).length === 2, "both tasks");
  const before = (await tasksOfGreen()).map(({ id }) => id).sort();
  await controller.retireSide?.(application, "green");
  await until(async () => (await setsOf(world, "green")).length === 0, "the task set to go");
  const { green } = (await controller.observe(application)).slots;
  expect(green.tasks.map(({ id }) => id).sort()).toEqual(before);
  expect(green.tasks.every(({ lastStatus }) => lastStatus === "STOPPED")).toBe(true);
});

test("resolves the one service for both sides, and refuses one of another deployment controller", async () => {
  const world = await startTaskSetWorld();
  expect(world.application).toMatchObject({
    controller: "task-set",
    slots: { blue: { service: "library-service" }, green: { service: "library-service" } },
  });
  await expect(resolveApplication(world.aws, taskSetConfig({ service: "catalog-blue-service" }))).rejects.toThrow(
    "catalog-blue-service has the deployment controller ECS, and task-set needs EXTERNAL",
  );
  const paired = libraryConfig({
    blue: { service: "library-service", targetGroup: "library-blue-tg" },
    green: { service: "catalog-green-service", targetGroup: "library-green-tg" },
  });
  await expect(resolveApplication(world.aws, paired)).rejects.toThrow(/library-service has .* EXTERNAL/);
});

test("the percentage always comes to exactly the tasks asked for", () => {
  for (let desired = 1; desired <= 300; desired += 1)
    for (let tasks = 0; tasks <= desired; tasks += 1) {
      const percent = percentFor(tasks, desired);
      expect(percent).toBeLessThanOrEqual(100);
      if (Math.ceil((desired * percent) / 100 - 1e-9) !== tasks)
        throw new Error(`${percent} % of ${desired} is not ${tasks}`);
    }
  expect(percentFor(3, 0)).toBe(0);
});

test("a task set without a target group of ours belongs to the side that its external id names", () => {
  const slots = { blue: { targetGroupArn: "blue-tg" }, green: { targetGroupArn: "green-tg" } };
  // Safe because these rules read nothing else of an application.
  const application = { slots } as Application;
  const set = (more: Partial<TaskSetReading>) =>
    ({
      id: "ecs-svc/1",
      status: "ACTIVE",
      externalId: null,
      targetGroupArns: [],
      createdAt: 0,
      ...more,
    }) as TaskSetReading;
  expect(sidesOf(application, set({ targetGroupArns: ["green-tg"] }))).toEqual(["green"]);
  expect(sidesOf(application, set({ targetGroupArns: ["green-tg"], externalId: "switchyard:blue" }))).toEqual([
    "green",
  ]);
  expect(sidesOf(application, set({ externalId: "switchyard:blue" }))).toEqual(["blue"]);
  expect(sidesOf(application, set({ externalId: "something" }))).toEqual([]);
  const found = sideTaskSets(application, "blue", [
    set({ id: "a", externalId: "switchyard:blue", createdAt: 1 }),
    set({ id: "b", externalId: "switchyard:blue", createdAt: 2 }),
    set({ id: "c", externalId: "switchyard:blue", createdAt: 3, status: "DRAINING" }),
  ]);
  expect([found.current?.id, found.older.map(({ id }) => id), found.draining.map(({ id }) => id)]).toEqual([
    "b",
    ["a"],
    ["c"],
  ]);
});
