import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { applicationSchema } from "../config/application-config.ts";
import { otherColor, type SlotColor } from "../domain/observation/slot.ts";
import { findSideBlockers } from "../domain/rules/switch-rules.ts";
import { observation, target } from "../testing/facts.ts";
import { startTaskSetWorld } from "../testing/task-set-world.ts";
import {
  abortAll,
  allTo,
  ended,
  press,
  pressed,
  receipt,
  setWeights,
  standby,
  weights,
} from "../testing/test-steps.ts";
import { createTestWorld, LIBRARY, type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { deploy } from "./deploy.ts";
import { retireSide } from "./retire-side.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

/* What went wrong elsewhere, told by its users: each story is one test, with where it was told. */

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 10, ecs: { virtual: true } }, application: { requestLine: null } });
});
afterAll(() => world.close());
beforeEach(async () => {
  await until(async () => (await receipt(world, await standby(world))).blockers.length === 0, 60_000);
  world.sandbox.calls.resetJournal();
});
afterEach(async () => {
  world.sandbox.faults.clear();
  await abortAll(world);
  const { live } = (await look()).traffic;
  if (live !== "blue" && live !== "green") setWeights(world, allTo("blue"));
  for (const slot of ["blue", "green"] as const) await scale(slot, 2);
});

const operator = () => world.as("operator");
const look = () => world.runtime.observer.refreshNow("library");
const writes = (operation: string) =>
  world.sandbox.calls.journal().filter((call) => call.operation === operation && call.error === null);

async function switched(): Promise<{ id: string; live: SlotColor }> {
  const live = await standby(world);
  const id = await pressed(world, live);
  expect(await ended(world, id)).toMatchObject({ status: "SUCCESSFUL" });
  await until(async () => !(await world.runtime.store.findDeploymentInFlight("library")));
  return { id, live };
}

async function scale(slot: SlotColor, tasks: number): Promise<void> {
  const application = world.runtime.observer.findApplication("library");
  if (application) await world.runtime.controllers["paired-services"]?.scaleSide(application, slot, tasks);
}

function fault(kind: "throttle" | "error" | "latency", operation: string | null, more: object = {}) {
  const service = operation === "RegisterTaskDefinition" ? "ecs" : "elbv2";
  const on = { service, operation, rate: 1, ms: 0, remaining: null, phase: "before" } as const;
  world.sandbox.faults.add({ ...on, ...more, kind });
}

// https://github.com/argoproj/argo-rollouts/issues/3333
test("story 1: with the load balancer's API throttled, nobody believes a switch is over, and no side with traffic is stopped", async () => {
  const to = await standby(world);
  fault("throttle", "ModifyListener");
  const id = await pressed(world, to);
  await untilDeployment(world, id, (d) => d.stages.some((stage) => stage.detail?.includes("throttles")));
  expect(await retireSide(operator(), { deploymentId: id })).toMatchObject({ ok: false });
  world.sandbox.faults.clear();
  expect(await ended(world, id)).toMatchObject({ status: "SUCCESSFUL" });
  // The old side's traffic comes back behind our back, and the API that would tell is throttled.
  await until(async () => !(await world.runtime.store.findDeploymentInFlight("library")));
  setWeights(world, allTo(otherColor(to)));
  fault("throttle", null);
  const asked = await retireSide(operator(), { deploymentId: id });
  // By a look of before, it may be begun; the last word is the listener's own, and without it nothing is stopped.
  if (asked.ok)
    await until(async () =>
      (await world.runtime.store.listJournal(id)).some((entry) => entry.step === "retire" && entry.phase === "failed"),
    );
  expect(writes("UpdateService")).toEqual([]);
});

// https://github.com/aws/containers-roadmap/issues/2853
test("story 2: traffic that already is where nobody expects it, and a group without healthy targets, stop a switch", async () => {
  const to = await standby(world);
  const { hash } = await receipt(world, to);
  setWeights(world, { blue: 50, green: 50 });
  await look();
  expect(await switchTraffic(operator(), { application: "library", to, receipt: hash })).toMatchObject({ ok: false });
  setWeights(world, allTo(otherColor(to)));
  await scale(to, 0);
  await until(async () => (await look()).slots[to].counts.healthy === 0);
  expect(await press(world, to)).toMatchObject({ ok: false });
  expect(world.shifts()).toBe(0);
});

// https://github.com/pipe-cd/pipecd/issues/5280
test("story 3: a rollback out of a split leaves all traffic on the old side, not 80/20", async () => {
  const { live } = await switched();
  setWeights(world, live === "green" ? { blue: 20, green: 80 } : { blue: 80, green: 20 });
  await look();
  const back = await until(async () => {
    const answer = await rollBack(operator(), { application: "library" });
    return answer.ok ? answer.value : null;
  });
  expect(await ended(world, back.id)).toMatchObject({ status: "SUCCESSFUL" });
  expect(await weights(world)).toEqual(allTo(otherColor(live)));
});

test("story 3b: weights that somebody set to 0/0 are an outage, and a rollback is the way out", async () => {
  const { live } = await switched();
  setWeights(world, { blue: 0, green: 0 });
  await look();
  const snapshot = await world.runtime.hub.snapshot("library");
  expect(snapshot?.alarms[0]).toMatchObject({ severity: "fault" });
  expect(snapshot?.alarms[0]?.message).toContain("sends its requests to no target group");
  expect(snapshot?.rollbackTo).toBe(otherColor(live));
  const back = await until(async () => {
    const answer = await rollBack(operator(), { application: "library" });
    return answer.ok ? answer.value : null;
  });
  expect(await ended(world, back.id)).toMatchObject({ status: "SUCCESSFUL" });
  expect(await weights(world)).toEqual(allTo(otherColor(live)));
});

// https://github.com/terraform-aws-modules/terraform-aws-alb/issues/409, https://github.com/hashicorp/terraform-provider-aws/issues/45678
test("story 4: weights that another tool applies again are shown as they are, and a click that rests on others is refused", async () => {
  const { live } = await switched();
  const old = otherColor(live);
  await until(async () => (await receipt(world, old)).blockers.length === 0);
  const { hash } = await receipt(world, old);
  world.sandbox.calls.resetJournal();
  setWeights(world, allTo(old));
  expect((await look()).traffic.live).toBe(old);
  expect((await world.runtime.hub.snapshot("library"))?.traffic.live).toBe(old);
  expect(await switchTraffic(operator(), { application: "library", to: old, receipt: hash })).toMatchObject({
    ok: false,
  });
  expect(world.shifts()).toBe(0);
});

// https://github.com/pulumi/pulumi-aws/issues/5772
test("story 5: a weight of 0 that comes back as 1 is no switch", async () => {
  const to = await standby(world);
  // Time to meddle between the write and its read-back.
  fault("latency", "DescribeListeners", { ms: 400 });
  const id = await pressed(world, to);
  await until(() => {
    if (world.shifts() !== 1) return false;
    setWeights(world, to === "green" ? { blue: 1, green: 100 } : { blue: 100, green: 1 });
    world.sandbox.faults.clear();
    return true;
  });
  const done = await ended(world, id);
  const journal = await world.runtime.store.listJournal(id);
  const told = [done.statusReason, ...journal.map((entry) => entry.message)].join("; ");
  expect(told).toMatch(to === "green" ? /blue 1, green 100/ : /blue 100, green 1\b/);
});

// https://github.com/spinnaker/spinnaker/issues/6973, #5149, #4330, #6225, #5551
test("story 6: a release that never becomes healthy takes nothing from the side that serves", async () => {
  const to = await standby(world);
  const live = otherColor(to);
  const before = (await look()).slots[live];
  const begun = await deploy(operator(), { application: "library", imageTag: "1.2.0-unhealthy" });
  if (!begun.ok) throw new Error(begun.message);
  await untilDeployment(world, begun.value.id, (d) => d.stage === "POST_SCALE_UP");
  expect(await press(world, to)).toMatchObject({ ok: false });
  await abortDeployment(operator(), { deploymentId: begun.value.id });
  expect(await ended(world, begun.value.id)).toMatchObject({ status: "STOPPED" });
  const after = (await look()).slots[live];
  expect(after.revision).toEqual(before.revision);
  expect(after.counts).toMatchObject({ desired: 2, healthy: 2 });
  expect(world.shifts()).toBe(0);
});

// https://github.com/argoproj/argo-rollouts/issues/3242, #1621, #2823, #4294, #4552, #3304
test("story 7: after a rollback the bad side is stopped by one click, the live one keeps its tasks, and nothing runs hot", async () => {
  const { live } = await switched();
  const old = otherColor(live);
  const back = await until(async () => {
    const answer = await rollBack(operator(), { application: "library" });
    return answer.ok ? answer.value : null;
  });
  expect(await ended(world, back.id)).toMatchObject({ status: "SUCCESSFUL" });
  await until(async () => !(await world.runtime.store.findDeploymentInFlight("library")));
  await until(async () => (await retireSide(operator(), { deploymentId: back.id })).ok, 30_000);
  await until(async () => (await look()).slots[live].counts.desired === 0);
  expect((await look()).slots[old].counts).toMatchObject({ desired: 2, healthy: 2 });
  const touched = writes("UpdateService").map((call) => (call.input as { service: string }).service);
  expect(new Set(touched)).toEqual(new Set([`library-${live}-service`]));
  expect((await world.runtime.store.listJournal(back.id)).length).toBeLessThan(20);
});

// https://github.com/aws/copilot-cli/issues/4838
test("story 8: a rollback is not called one while the old side's target group finds its tasks unhealthy", async () => {
  const { live } = await switched();
  const old = otherColor(live);
  const addresses = new Set<string>();
  const fail = (id: string) => {
    addresses.add(id);
    world.sandbox.elb.controls.setVirtualHealth(id, 404);
  };
  // ECS would start others in the place of unhealthy tasks, and those are healthy until somebody fails them.
  await world.sandbox.ecs.service.operations.UpdateService?.(
    {
      ...{ cluster: "library-management-cluster", service: `library-${old}-service` },
      healthCheckGracePeriodSeconds: 2_000_000,
    },
    { requestId: "test", signal: new AbortController().signal },
  );
  for (const { id } of (await look()).slots[old].targets) fail(id);
  await until(async () => (await look()).slots[old].counts.healthy === 0, 30_000);
  world.sandbox.calls.resetJournal();
  expect(await rollBack(operator(), { application: "library" })).toMatchObject({
    ok: false,
    code: "OLD_SIDE_NOT_HEALTHY",
  });
  expect(await weights(world)).toEqual(allTo(live));
  expect(world.shifts()).toBe(0);
  for (const id of addresses) world.sandbox.elb.controls.setVirtualHealth(id, null);
});

// https://github.com/umotif-public/terraform-aws-ecs-fargate/issues/51, https://github.com/manheim/cf_deployer/issues/39
test("story 9: tasks that belong to both target groups are no side, and nothing is done with them", async () => {
  const same = { service: "library-blue-service", targetGroup: "library-blue-tg" };
  const { name, cluster, listener, container, repository } = LIBRARY;
  const parsed = applicationSchema.safeParse({
    name,
    cluster,
    listener,
    container,
    repository,
    blue: same,
    green: same,
  });
  expect(parsed.success).toBe(false);
  const { sandbox, aws, application, controller } = await startTaskSetWorld();
  const service = (await aws.ecs.describeServices(application.cluster, ["library-service"], "action")).get(
    "library-service",
  );
  if (!service || service instanceof Error) throw new Error("There is no library-service");
  const like = service.taskSets[0];
  if (!like) throw new Error("There is no task set");
  const both = [application.slots.blue, application.slots.green].map(({ targetGroupArn }) => ({
    targetGroupArn,
    containerName: "library",
    containerPort: 8081,
  }));
  await aws.taskSets.create(
    {
      cluster: application.cluster,
      service: "library-service",
      taskDefinition: like.taskDefinition,
      externalId: "by-hand",
      scale: 0,
      like: { ...like, settings: { ...like.settings, loadBalancers: both } },
      targetGroup: { from: "none", to: "none" },
      clientToken: "by-hand",
    },
    "action",
  );
  sandbox.calls.resetJournal();
  await expect(controller.scaleSide(application, "green", 3)).rejects.toMatchObject({ code: "TaskSetOnBothSides" });
  expect(sandbox.calls.journal()).toEqual([]);
});

// https://github.com/argoproj/argo-rollouts/issues/2864, #4433, #4834
test("story 10: no request fails while traffic moves, and one sick target among hundreds is seen", async () => {
  const traffic = world.traffic(60);
  const { live } = await switched();
  const back = await until(async () => {
    const answer = await rollBack(operator(), { application: "library" });
    return answer.ok ? answer.value : null;
  });
  await ended(world, back.id);
  expect(await weights(world)).toEqual(allTo(otherColor(live)));
  expect(Object.keys(await traffic.stop())).toEqual(["200"]);
  const side = (sick: number) => ({
    targets: Array.from({ length: 301 }, (_, i) =>
      target(`10.0.${i >> 8}.${i & 255}`, i < sick ? "unhealthy" : "healthy", 9),
    ),
    counts: { desired: 301, running: 301, pending: 0, healthy: 301 - sick, total: 301 },
  });
  const blockersOf = (sick: number) =>
    findSideBlockers(
      {
        application: { minimumHealthy: null, stableChecks: 3 },
        observation: observation({ weights: { blue: 100, green: 0 }, blue: side(0), green: side(sick) }),
      },
      "green",
    );
  expect(blockersOf(0)).toEqual([]);
  expect(blockersOf(1)).not.toEqual([]);
});

// https://github.com/argoproj/argo-rollouts/issues/4184
test("story 11: over alternating releases, the side that is called live is the one that the listener names", async () => {
  for (let i = 0; i < 4; i += 1) {
    const { live } = await switched();
    const seen = await look();
    expect(seen.traffic.live).toBe(live);
    expect([seen.slots[live].role, seen.slots[otherColor(live)].role]).toEqual(["live", "standby"]);
    expect(seen.traffic.weights).toEqual(allTo(live));
    await until(async () => (await receipt(world, otherColor(live))).blockers.length === 0);
  }
});

// https://github.com/aws/containers-roadmap/issues/2664
test("story 12: what AWS refuses is told in AWS's words, with the permission and the request", async () => {
  const to = await standby(world);
  fault("error", "ModifyListener", { code: "AccessDeniedException" });
  const id = await pressed(world, to);
  const done = await ended(world, id);
  expect(done).toMatchObject({ status: "STOPPED" });
  expect(done.statusReason).toContain("elasticloadbalancing:ModifyListener");
  const failed = (await world.runtime.store.listJournal(id)).find((entry) => entry.phase === "failed");
  expect(failed?.message).toMatch(/\[request [0-9a-f-]+\]/);
  expect(await weights(world)).toEqual(allTo(otherColor(to)));
});
