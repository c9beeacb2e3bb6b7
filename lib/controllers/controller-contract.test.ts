import { describe, expect, test } from "vitest";
import type { Observation } from "../domain/observation/observation.ts";
import type { Revision, SlotColor } from "../domain/observation/slot.ts";
import { englishOf } from "../domain/sentence/told.ts";
import { type LibraryWorld, startLibraryWorld, until } from "../testing/library-world.ts";
import { startTaskSetWorld } from "../testing/task-set-world.ts";
import { WeightsChanged } from "./weights-changed.ts";

const BLUE = { blue: 100, green: 0 };
const GREEN = { blue: 0, green: 100 };
/** Waiting for a condition asks far more often than the observer would. */
const PLENTY = { burst: 10_000, perSecond: 10_000, share: 1 };

type Start = (options?: Parameters<typeof startTaskSetWorld>[0]) => Promise<LibraryWorld>;
const CONTROLLERS: [string, { start: Start; update: string; scale: string }][] = [
  ["paired-services", { start: startLibraryWorld, update: "ecs.UpdateService", scale: "ecs.UpdateService" }],
  ["task-set", { start: startTaskSetWorld, update: "ecs.CreateTaskSet", scale: "ecs.UpdateTaskSet" }],
];

/** Starts the world, fast, and waits until both sides are healthy. */
async function warm(start: Start): Promise<LibraryWorld> {
  const world = await start({
    sandbox: { speed: 25 },
    aws: { limits: { "elb-read": PLENTY, "ecs-resource-read": PLENTY } },
  });
  const isReady = ({ slots }: Observation) =>
    [slots.blue, slots.green].every(({ rollout, counts }) => rollout === null && counts.healthy === 2);
  await waitFor(world, isReady, "both sides to be ready");
  return world;
}

async function waitFor(world: LibraryWorld, holds: (seen: Observation) => boolean, what: string): Promise<Observation> {
  let seen = await world.controller.observe(world.application);
  await until(async () => {
    seen = await world.controller.observe(world.application);
    return holds(seen);
  }, what);
  return seen;
}

async function image(world: LibraryWorld, tag: string): Promise<{ image: string; digest: string | undefined }> {
  const uri = await world.aws.ecr.getRepositoryUri("library-management-system", "action");
  const digest = (await world.aws.ecr.findTag("library-management-system", tag, "action"))?.digest;
  return { image: `${uri}:${tag}@${digest}`, digest };
}

async function register(world: LibraryWorld, tag = "1.1.0", slot: SlotColor = "green"): Promise<Revision> {
  const request = { image: (await image(world, tag)).image };
  return (await world.controller.registerRevision(world.application, slot, request, `d-${tag}`)).value;
}

/** What of a side must not change while the other one is worked on. */
function essence({ slots }: Observation, color: SlotColor) {
  const { revision, counts, tasks, targets, rollout, taskSet } = slots[color];
  const ids = tasks.map(({ id, lastStatus }) => `${id} ${lastStatus}`).sort();
  return { revision, counts, ids, targets: targets.map(({ id, state }) => `${id} ${state}`).sort(), rollout, taskSet };
}

const lastStep = (name: string) => name.slice(name.indexOf(".") + 1);

describe.each(CONTROLLERS)("%s", (name, { start, update, scale }) => {
  test("observes both sides: live by the listener, counts, tasks with their targets and logs", async () => {
    const world = await warm(start);
    expect(world.controller.name).toBe(name);
    const seen = await world.controller.observe(world.application);
    expect(seen.sources).toMatchObject([
      { name: "ecs", state: "ok" },
      { name: "elb", state: "ok" },
    ]);
    expect(seen.traffic).toMatchObject({ live: "blue", weights: BLUE, test: { weights: GREEN } });
    expect(seen.traffic.drift).toBeUndefined();
    for (const slot of [seen.slots.blue, seen.slots.green]) {
      expect(slot.counts).toEqual({ desired: 2, running: 2, pending: 0, healthy: 2, total: 2 });
      expect(slot.revision).toMatchObject({ tag: "1.0.0", digest: expect.stringMatching(/^sha256:/) });
      expect(slot.tasks).toHaveLength(2);
      expect(slot.targets.map(({ id }) => id).sort()).toEqual(slot.tasks.map(({ address }) => address).sort());
      expect(slot.tasks[0]?.logStream).toBe(`ecs/library/${slot.tasks[0]?.id}`);
      expect(slot.events.length).toBeGreaterThan(0);
    }
    expect(seen.slots.blue.role).toBe("live");
    expect(seen.slots.green.role).toBe("standby");
    const ids = [...seen.slots.blue.tasks, ...seen.slots.green.tasks].map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  test("the live side follows the listener, whoever moved it", async () => {
    const world = await warm(start);
    world.sandbox.elb.controls.setWeights("library-alb:80", { "library-blue-tg": 0, "library-green-tg": 100 });
    const { traffic, slots } = await world.controller.observe(world.application);
    expect(traffic).toMatchObject({ live: "green", weights: GREEN });
    expect([slots.blue.role, slots.green.role]).toEqual(["standby", "live"]);
  });

  test("each side speaks of its own events only", async () => {
    const world = await warm(start);
    const { slots } = await world.controller.observe(world.application);
    for (const [own, other] of [
      [slots.blue, slots.green],
      [slots.green, slots.blue],
    ] as const) {
      const text = own.events.map(({ message }) => message).join("\n");
      expect(text).toContain(own.targetGroupArn);
      expect(text).not.toContain(other.targetGroupArn);
      for (const task of other.tasks) expect(text).not.toContain(task.id);
    }
  });

  test("plans exactly what it registers, and planning registers nothing", async () => {
    const world = await start();
    const { controller, application, aws, calls } = world;
    const wanted = await image(world, "1.1.0");
    const plan = await controller.planRevision(application, "green", wanted);
    expect(plan.changes).toEqual([
      { field: "library: image", before: expect.stringContaining(":1.0.0@sha256:"), after: wanted.image },
    ]);
    const before = calls("ecs.RegisterTaskDefinition");
    expect(before).toBe(0);
    const { value, requestId } = await controller.registerRevision(application, "green", wanted, "d-1");
    expect(requestId).not.toBeNull();
    expect(value).toMatchObject({ image: wanted.image, digest: wanted.digest, tag: "1.1.0" });
    expect(await aws.definitions.get(value.taskDefinition, "action")).toMatchObject({
      ...plan.next,
      arn: value.taskDefinition,
    });
    // Between what ran and what was registered, nothing differs but what the plan said.
    const registered = await controller.planRevision(application, "green", { taskDefinition: value.taskDefinition });
    expect(registered.changes).toEqual(plan.changes);
  });

  test("a side goes on with a deregistered revision that it holds, and one that it does not hold is registered anew", async () => {
    const world = await start();
    const { controller, application } = world;
    const held = (await controller.observe(application)).slots.green.revision;
    if (!held) throw new Error("Green runs nothing");
    const deregister = async ({ taskDefinition }: Revision) => {
      const handler = world.sandbox.ecs.service.operations.DeregisterTaskDefinition;
      await handler?.({ taskDefinition }, { requestId: "test", signal: new AbortController().signal });
    };
    await deregister(held);
    await controller.scaleSide(application, "green", 0);
    await controller.startSide(application, "green", held, 3);
    await waitFor(world, ({ slots }) => slots.green.counts.running === 3, "three tasks of the deregistered revision");

    const other = await register(world);
    await deregister(other);
    await expect(controller.startSide(application, "green", other, 2)).rejects.toMatchObject({
      message: expect.stringContaining("inactive"),
    });
    const request = { image: other.image, from: other.taskDefinition };
    const { value: copy } = await controller.registerRevision(application, "green", request, "d-copy");
    expect(copy).toMatchObject({ image: other.image, digest: other.digest });
    const { changes } = await controller.planRevision(application, "green", { taskDefinition: copy.taskDefinition });
    expect(changes.map(({ field }) => field)).toEqual(["library: image"]);
    await controller.startSide(application, "green", copy, 2);
    await waitFor(world, ({ slots }) => slots.green.revision?.taskDefinition === copy.taskDefinition, "the copy");
  });

  test("registers once for a deployment, again for another one, and not at all for one that exists", async () => {
    const { controller, application, calls, ...world } = await start();
    const request = { image: (await image({ controller, application, calls, ...world }, "1.1.0")).image };
    const first = await controller.registerRevision(application, "green", request, "d-1");
    expect((await controller.registerRevision(application, "green", request, "d-1")).value).toEqual(first.value);
    expect(calls("ecs.RegisterTaskDefinition")).toBe(1);
    const other = await controller.registerRevision(application, "green", request, "d-2");
    expect(other.value.taskDefinition).not.toBe(first.value.taskDefinition);
    const existing = { taskDefinition: first.value.taskDefinition };
    expect((await controller.registerRevision(application, "green", existing, "d-3")).value).toEqual(first.value);
    expect(calls("ecs.RegisterTaskDefinition")).toBe(2);
  });

  test("finds what it registered when the answer was lost", async () => {
    const world = await start();
    world.fault("reset", { service: "ecs", operation: "RegisterTaskDefinition", phase: "after" });
    expect((await register(world)).tag).toBe("1.1.0");
    expect(world.calls("ecs.RegisterTaskDefinition")).toBe(1);
  });

  test("starts a side with a new revision until it is ready, and a repeat does nothing", async () => {
    const world = await warm(start);
    const { controller, application, calls } = world;
    const revision = await register(world);
    await controller.startSide(application, "green", revision, 2, "d-1");
    expect((await controller.observe(application)).slots.green).toMatchObject({
      revision,
      counts: { desired: 2 },
      rollout: { state: "IN_PROGRESS" },
    });
    await controller.startSide(application, "green", revision, 2, "d-1");
    expect(calls(update)).toBe(1);
    const seen = await waitFor(
      world,
      ({ slots: { green } }) =>
        green.rollout === null && green.counts.healthy === 2 && green.tasks.filter(isRunning).length === 2,
      "the new revision",
    );
    const running = seen.slots.green.tasks.filter(isRunning);
    expect(running.map(({ taskDefinition }) => taskDefinition)).toEqual([
      revision.taskDefinition,
      revision.taskDefinition,
    ]);
    await controller.startSide(application, "green", revision, 2, "d-1");
    expect(calls(update)).toBe(1);
  });

  test("starting a side never touches live, not even with more tasks than live has", async () => {
    const world = await warm(start);
    const { controller, application } = world;
    const before = essence(await controller.observe(application), "blue");
    await controller.startSide(application, "green", await register(world), 3, "d-1");
    const seen = await waitFor(
      world,
      ({ slots: { green } }) => green.rollout === null && green.counts.healthy === 3,
      "three healthy",
    );
    expect(seen.slots.green.counts.desired).toBe(3);
    // Where both sides share a service, its count goes up before live's share comes down: live may have a task more for a
    // moment, never one fewer. Whatever ran before still runs.
    const after = essence(seen, "blue");
    const isNews = (id: string) =>
      id.endsWith(" STOPPED") && !before.ids.some((old) => old.startsWith(id.slice(0, 32)));
    expect({ ...after, ids: after.ids.filter((id) => !isNews(id)) }).toEqual(before);
  });

  test("goes back to an earlier revision within one deployment", async () => {
    const world = await warm(start);
    const { controller, application } = world;
    const old = (await controller.observe(application)).slots.green.revision;
    if (!old) throw new Error("green has no revision");
    await controller.startSide(application, "green", await register(world, "1.3.0-crash"), 2, "d-1");
    await controller.startSide(application, "green", old, 2, "d-1");
    const seen = await waitFor(
      world,
      ({ slots: { green } }) => green.rollout === null && green.counts.healthy === 2,
      "the old revision",
    );
    expect(seen.slots.green.revision).toEqual(old);
  });

  test("scales a side up and down and leaves the other one alone; a repeat writes nothing", async () => {
    const world = await warm(start);
    const { controller, application, calls } = world;
    const before = essence(await controller.observe(application), "blue");
    for (const desired of [1, 0, 2]) {
      await controller.scaleSide(application, "green", desired);
      const written = calls(scale);
      await controller.scaleSide(application, "green", desired);
      expect(calls(scale)).toBe(written);
      const seen = await waitFor(
        world,
        ({ slots: { green } }) => green.counts.running === desired && green.counts.healthy === desired,
        `${desired} tasks`,
      );
      expect(seen.slots.green.counts.desired).toBe(desired);
      expect(essence(seen, "blue")).toEqual(before);
    }
  });

  test("a stopped side is empty, and its tasks are still told", async () => {
    const world = await warm(start);
    const { controller, application } = world;
    await controller.scaleSide(application, "green", 0);
    const seen = await waitFor(
      world,
      ({ slots: { green } }) => green.counts.running === 0 && green.tasks.every(isOver) && green.targets.length === 0,
      "nothing left",
    );
    expect(seen.slots.green).toMatchObject({ role: "empty", counts: { desired: 0, running: 0, total: 0 } });
    expect(seen.slots.green.tasks).toHaveLength(2);
    expect(seen.slots.green.tasks[0]).toMatchObject({ stopCode: "ServiceSchedulerInitiated" });
  });

  test("shifts all weight, reads it back and writes nothing the second time", async () => {
    const { controller, application, calls } = await start();
    const { value } = await controller.shift(application, BLUE, GREEN);
    expect(value).toMatchObject({ before: BLUE, after: GREEN, alreadyThere: false });
    expect((await controller.readWeights(application)).weights).toEqual(GREEN);
    expect((await controller.shift(application, BLUE, GREEN)).value.alreadyThere).toBe(true);
    expect(calls("elbv2.ModifyListener")).toBe(1);
  });

  test("splits the weights to a tenth of a percent, goes on from there, and writes each step once", async () => {
    const { controller, application, calls } = await start();
    const steps = [{ blue: 999, green: 1 }, { blue: 945, green: 55 }, { blue: 50, green: 50 }, GREEN];
    let before = BLUE;
    for (const weights of steps) {
      const { value } = await controller.shift(application, before, weights);
      expect(value).toMatchObject({ before, after: weights, alreadyThere: false });
      expect((await controller.shift(application, before, weights)).value.alreadyThere).toBe(true);
      expect((await controller.readWeights(application)).weights).toEqual(weights);
      before = weights;
    }
    expect(calls("elbv2.ModifyListener")).toBe(steps.length);
  });

  test("observes a split with the smaller side as a canary, and retires neither side while it has weight", async () => {
    const world = await warm(start);
    const { controller, application } = world;
    await controller.shift(application, BLUE, { blue: 95, green: 5 });
    const { traffic, slots } = await controller.observe(application);
    expect(traffic).toMatchObject({ live: "split", weights: { blue: 95, green: 5 } });
    expect([slots.blue.role, slots.green.role]).toEqual(["live", "canary"]);
    if (controller.retireSide)
      for (const color of ["blue", "green"] as const)
        await expect(controller.retireSide(application, color)).rejects.toMatchObject({ code: "SideHoldsWeight" });
  });

  test("moves the test listener by the same rules and leaves production alone", async () => {
    const { controller, application, calls } = await start();
    const { value } = await controller.shiftTest(application, GREEN, BLUE);
    expect(value).toMatchObject({ before: GREEN, after: BLUE, alreadyThere: false });
    expect((await controller.shiftTest(application, GREEN, BLUE)).value.alreadyThere).toBe(true);
    await expect(controller.shiftTest(application, GREEN, { blue: 1, green: 1 })).rejects.toBeInstanceOf(
      WeightsChanged,
    );
    expect((await controller.readWeights(application)).weights).toEqual(BLUE);
    expect((await controller.observe(application)).traffic.test?.weights).toEqual(BLUE);
    expect(calls("elbv2.ModifyListener")).toBe(1);
  });

  test("refuses to shift from anything else than what was decided on", async () => {
    const { controller, application, sandbox, calls } = await start();
    sandbox.elb.controls.setWeights("library-alb:80", { "library-blue-tg": 50, "library-green-tg": 50 });
    const failure = await controller.shift(application, BLUE, GREEN).catch((error) => error);
    expect(failure).toBeInstanceOf(WeightsChanged);
    expect(failure).toMatchObject({ expected: BLUE, actual: { blue: 50, green: 50 } });
    expect(calls("elbv2.ModifyListener")).toBe(0);
  });

  test.each(["before", "after"] as const)(
    "a shift whose answer is lost %s it took effect is made once",
    async (phase) => {
      const { controller, application, fault } = await start();
      fault("reset", { service: "elbv2", operation: "ModifyListener", phase });
      expect((await controller.shift(application, BLUE, GREEN)).value.after).toEqual(GREEN);
      expect((await controller.readWeights(application)).weights).toEqual(GREEN);
    },
  );

  test("an old answer after a lost one does not make it write a second time", async () => {
    const { controller, application, fault, calls } = await start();
    // Known from before the write: what the stale answer tells.
    await controller.readWeights(application);
    fault("reset", { service: "elbv2", operation: "ModifyListener", phase: "after" });
    // The first read is the look before the write.
    const stale = fault("stale", { service: "elbv2", operation: "DescribeListeners", ms: 30_000, remaining: 3 });
    const shifted = await controller.shift(application, BLUE, GREEN);
    expect(stale.hits).toBe(3);
    expect(shifted.value).toMatchObject({ before: BLUE, after: GREEN, alreadyThere: false });
    expect(calls("elbv2.ModifyListener")).toBe(1);
  });

  test("reads back until stale answers are over", async () => {
    const { controller, application, fault } = await start({ sandbox: { speed: 1 } });
    await controller.readWeights(application);
    const stale = fault("stale", { service: "elbv2", operation: "DescribeListeners", ms: 30_000, remaining: 3 });
    expect((await controller.shift(application, BLUE, GREEN)).value).toMatchObject({ after: GREEN });
    expect(stale.hits).toBe(3);
  });

  test("starting a side survives a lost answer with one write", async () => {
    const world = await warm(start);
    const { controller, application, fault } = world;
    const revision = await register(world);
    fault("reset", { service: "ecs", operation: lastStep(update), phase: "after" });
    await controller.startSide(application, "green", revision, 2, "d-1");
    const seen = await waitFor(world, isSettled, "two targets, both healthy");
    expect(seen.slots.green).toMatchObject({ revision, counts: { desired: 2, running: 2 } });
    expect(seen.slots.green.tasks.filter(isRunning)).toHaveLength(2);
  });

  test("scaling a side survives a lost answer with one write", async () => {
    const { controller, application, fault, calls } = await warm(start);
    fault("reset", { service: "ecs", operation: lastStep(scale), phase: "after" });
    await controller.scaleSide(application, "green", 1);
    expect(calls(scale)).toBe(1);
    expect((await controller.observe(application)).slots.green.counts.desired).toBe(1);
  });

  test("a start that was cut off is finished by the next one, on a stale reading too", async () => {
    const world = await warm(start);
    const { controller, application, fault, calls } = world;
    const revision = await register(world);
    await controller.observe(application);
    await controller.startSide(application, "green", revision, 2, "d-1");
    const stale = fault("stale", { service: "ecs", operation: "DescribeServices", ms: 30_000, remaining: 1 });
    await controller.startSide(application, "green", revision, 2, "d-1");
    expect(stale.hits).toBe(1);
    expect(calls(update)).toBeLessThanOrEqual(2);
    const seen = await waitFor(world, isSettled, "two targets, both healthy");
    expect(seen.slots.green).toMatchObject({ revision, counts: { desired: 2, running: 2 } });
    expect(seen.slots.green.tasks.filter(isRunning)).toHaveLength(2);
    expect(seen.slots.blue.counts).toMatchObject({ desired: 2, healthy: 2, total: 2 });
  });

  test("a throttled write is tried again within the budget", async () => {
    const { controller, application, fault } = await warm(start);
    fault("throttle", { service: "ecs", operation: lastStep(scale), remaining: 2 });
    await controller.scaleSide(application, "green", 1);
    expect((await controller.observe(application)).slots.green.counts.desired).toBe(1);
  });

  test("a release and a rollback by hand: start, shift, mark, shift back, retire", async () => {
    const world = await warm(start);
    const { controller, application } = world;
    const old = (await controller.observe(application)).slots.blue.revision;
    const revision = await register(world);
    await controller.startSide(application, "green", revision, 2, "d-1");
    await waitFor(world, ({ slots: { green } }) => green.rollout === null && green.counts.healthy === 2, "green");
    await controller.shift(application, BLUE, GREEN);
    await controller.afterShift?.(application, "green");
    await controller.shift(application, GREEN, BLUE);
    await controller.afterShift?.(application, "blue");
    await (controller.retireSide?.(application, "green") ?? controller.scaleSide(application, "green", 0));
    const seen = await waitFor(
      world,
      ({ slots: { green } }) => green.counts.running === 0 && green.targets.length === 0,
      "retired",
    );
    expect(seen.traffic.live).toBe("blue");
    expect(seen.slots.blue).toMatchObject({ revision: old, counts: { desired: 2, healthy: 2 } });
    // What was retired can come back.
    await controller.startSide(application, "green", revision, 2, "d-2");
    const again = await waitFor(world, ({ slots: { green } }) => green.counts.healthy === 2, "back");
    expect(again.slots.green.revision).toEqual(revision);
  });

  test("a desired count that autoscaling changes mid-way is the live side's to keep", async () => {
    const world = await warm(start);
    const { controller, application } = world;
    const revision = await register(world);
    await controller.startSide(application, "green", revision, 2, "d-1");
    await autoscale(world, 4);
    const blueOf = ({ slots }: Observation) => slots.blue.counts.desired;
    expect(blueOf(await controller.observe(application))).toBe(4);
    // Whatever happens to green from here on, blue runs what the autoscaler asked for.
    for (const step of [
      () => controller.startSide(application, "green", revision, 2, "d-1"),
      () => controller.startSide(application, "green", revision, 5, "d-1"),
      () => controller.scaleSide(application, "green", 3),
      () => controller.scaleSide(application, "green", 0),
    ]) {
      await step();
      expect(blueOf(await controller.observe(application))).toBe(4);
    }
    const seen = await waitFor(world, ({ slots }) => slots.blue.counts.healthy === 4, "four healthy on blue");
    expect(seen.slots.green.counts.desired).toBe(0);
  });

  test("what a deployment that was given up left behind goes with the next one", async () => {
    const world = await warm(start);
    const { controller, application } = world;
    const before = essence(await controller.observe(application), "blue");
    await controller.startSide(application, "green", await register(world, "1.3.0-crash"), 2, "d-1");
    const revision = await register(world);
    await controller.startSide(application, "green", revision, 2, "d-2");
    const seen = await waitFor(world, isSettled, "two targets, both healthy");
    const running = seen.slots.green.tasks.filter(isRunning);
    expect(running.map(({ taskDefinition }) => taskDefinition)).toEqual([
      revision.taskDefinition,
      revision.taskDefinition,
    ]);
    expect(essence(seen, "blue")).toEqual(before);
  });

  test("the mark of the live side moves no traffic, and a repeat writes nothing", async () => {
    const world = await warm(start);
    const { controller, application, sandbox } = world;
    await controller.shift(application, BLUE, GREEN);
    await controller.afterShift?.(application, "green");
    const written = sandbox.calls.journal().length;
    await controller.afterShift?.(application, "green");
    expect(sandbox.calls.journal()).toHaveLength(written);
    const seen = await controller.observe(application);
    expect(seen.traffic).toMatchObject({ live: "green", weights: GREEN });
    expect(seen.slots.blue.counts).toMatchObject({ desired: 2, healthy: 2 });
  });

  test("a retired side runs nothing, the other one is as it was, and a repeat writes nothing", async () => {
    const world = await warm(start);
    const { controller, application, sandbox } = world;
    const before = essence(await controller.observe(application), "blue");
    const retire = () => controller.retireSide?.(application, "green") ?? controller.scaleSide(application, "green", 0);
    await retire();
    const seen = await waitFor(world, ({ slots: { green } }) => green.counts.running === 0, "nothing left");
    expect(seen.slots.green.counts.desired).toBe(0);
    expect(essence(seen, "blue")).toEqual(before);
    const written = sandbox.calls.journal().length;
    await retire();
    expect(sandbox.calls.journal()).toHaveLength(written);
  });

  test("a throttled start and a throttled shift are tried again within the budget", async () => {
    const world = await warm(start);
    const { controller, application, fault } = world;
    const revision = await register(world);
    fault("throttle", { service: "ecs", operation: lastStep(update), remaining: 2 });
    await controller.startSide(application, "green", revision, 2, "d-1");
    expect((await controller.observe(application)).slots.green.revision).toEqual(revision);
    fault("throttle", { service: "elbv2", operation: "ModifyListener", remaining: 2 });
    await controller.shift(application, BLUE, GREEN);
    expect((await controller.readWeights(application)).weights).toEqual(GREEN);
  });

  test("the manual commands are put together without a write", async () => {
    const world = await start();
    const { controller, application, sandbox } = world;
    const taskDefinition = (await controller.observe(application)).slots.blue.revision?.taskDefinition ?? "";
    const written = sandbox.calls.journal().length;
    const commands = await controller.manualCommands(application, [
      { type: "startSide", slot: "green", revision: { taskDefinition }, desired: 3 },
      { type: "waitHealthy", slot: "green" },
      { type: "shift", to: "green", weights: GREEN },
      { type: "retireSide", slot: "blue" },
    ]);
    expect(commands.every(({ argv, purpose }) => argv[0] === "aws" && englishOf(purpose).length > 0)).toBe(true);
    expect(sandbox.calls.journal()).toHaveLength(written);
  });

  test("names the service that is missing", async () => {
    const { controller, application } = await start();
    const { blue, green } = application.slots;
    const gone = {
      ...application,
      slots: { blue: { ...blue, service: "no-such-service" }, green: { ...green, service: "no-such-service" } },
    };
    const { sources } = await controller.observe(gone);
    expect(sources[0]).toMatchObject({
      name: "ecs",
      state: "error",
      message: expect.stringMatching(/no-such-service/),
    });
    await expect(controller.scaleSide(gone, "green", 1)).rejects.toMatchObject({ kind: "missing", code: "MISSING" });
  });
});

/** What an autoscaler does to the service that the live side belongs to. */
async function autoscale({ aws, application }: LibraryWorld, desired: number): Promise<void> {
  const { cluster, slots } = application;
  await aws.ecs.updateService({ cluster, service: slots.blue.service ?? "", desired }, "action");
}

function isSettled({ slots: { green } }: Observation): boolean {
  return green.rollout === null && green.counts.healthy === 2 && green.counts.total === 2;
}

function isRunning({ lastStatus, desiredStatus }: { lastStatus: string; desiredStatus: string }): boolean {
  return lastStatus === "RUNNING" && desiredStatus === "RUNNING";
}

function isOver({ lastStatus }: { lastStatus: string }): boolean {
  return lastStatus === "STOPPED";
}
