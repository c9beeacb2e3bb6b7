import {
  CreateListenerCommand,
  DeleteListenerCommand,
  DeregisterTargetsCommand,
  DescribeListenersCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { SEED_SUBNETS } from "../../sandbox/seed-network.ts";
import { otherColor } from "../domain/observation/slot.ts";
import { shortName } from "../domain/text/short-name.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import {
  allTo,
  ended,
  idOf,
  onFreshLook,
  press,
  pressed,
  receipt,
  setWeights,
  standby,
  weights,
} from "../testing/test-steps.ts";
import { createTestWorld, type TestWorld, until } from "../testing/test-world.ts";
import { acknowledgeDrift } from "./acknowledge-drift.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

/* What somebody else changes behind Switchyard's back, and an approver's word against what is in the way. */

let world: TestWorld;

beforeAll(async () => {
  world = await createTestWorld({
    sandbox: { speed: 10, ecs: { virtual: true } },
    application: { requestLine: null },
    watchDrift: true,
  });
  await until(() => world.runtime.store.findLedger("library"));
});
afterAll(() => world.close());
beforeEach(async () => {
  for (const { id } of await drifts()) await acknowledged(id);
  await until(async () => (await receipt(world, await standby(world))).blockers.length === 0, 30_000);
  world.sandbox.calls.resetJournal();
});

async function drifts() {
  await world.runtime.observer.refreshNow("library");
  return (await world.runtime.hub.snapshot("library"))?.drifts ?? [];
}

function justSignedIn(role: "operator" | "approver", agoMs: number) {
  const ctx = world.as(role);
  return { ...ctx, identity: ctx.identity && { ...ctx.identity, authenticatedAt: world.runtime.now() - agoMs } };
}

const acknowledged = (drift: string) => acknowledgeDrift(world.as("operator"), { application: "library", drift });

test("changed weights are told after one look, block a switch until acknowledged, and are not put back", async () => {
  const to = await standby(world);
  setWeights(world, { blue: 50, green: 50, [to]: 0 });
  const [drift] = await until(async () => {
    const found = await drifts();
    return found.length > 0 ? found : null;
  });
  if (!drift) throw new Error("It was not told");
  expect(drift.message).toMatch(
    /^Weights changed from (100\/0 to 50\/0|0\/100 to 0\/50) at \d\d:\d\d UTC, not by Switchyard$/,
  );
  expect(await press(world, to)).toMatchObject({ code: "DRIFT_NOT_ACKNOWLEDGED", message: drift.message });

  expect(await acknowledgeDrift(world.as("viewer"), { application: "library", drift: drift.id })).toMatchObject({
    code: "FORBIDDEN",
  });
  expect(await acknowledged("dr-00000000")).toMatchObject({ code: "NOT_FOUND" });
  expect(await acknowledged(drift.id)).toMatchObject({ ok: true, value: { id: drift.id, application: "library" } });
  const actions = (await world.runtime.store.listAudit({ application: "library" }, { limit: 10 })).items;
  expect(actions.find(({ action }) => action === "drift.seen")).toMatchObject({
    actorName: "Switchyard",
    message: drift.message,
  });
  expect(actions.find(({ action, outcome }) => action === "drift.acknowledged" && outcome === "done")).toMatchObject({
    actorId: "operator@sandbox.local",
  });
  expect(await drifts()).toEqual([]);
  expect(world.shifts()).toBe(0);
  expect(await ended(world, await pressed(world, to))).toMatchObject({ status: "SUCCESSFUL" });
});

test("who changed the weights is told once CloudTrail tells it", async () => {
  const live = otherColor(await standby(world));
  const { url: endpoint, place } = world.sandbox;
  const elb = new ElasticLoadBalancingV2Client({ endpoint, region: place.region, credentials: ADMINISTRATOR });
  onTestFinished(() => elb.destroy());
  const { traffic } = await world.runtime.observer.refreshNow("library");
  const { Listeners = [] } = await elb.send(
    new DescribeListenersCommand({ ListenerArns: [traffic.listenerOrRuleArn] }),
  );
  const [listener] = Listeners;
  const [action] = listener?.DefaultActions ?? [];
  const { TargetGroups = [], TargetGroupStickinessConfig } = action?.ForwardConfig ?? {};
  const DefaultActions = [
    {
      Type: "forward" as const,
      ForwardConfig: {
        TargetGroups: TargetGroups.map((each) => ({ ...each, Weight: 7 })),
        TargetGroupStickinessConfig,
      },
    },
  ];
  await elb.send(new ModifyListenerCommand({ ListenerArn: listener?.ListenerArn, DefaultActions }));
  const [drift] = await until(async () => {
    const found = await drifts();
    return found[0]?.by ? found : null;
  });
  expect(drift).toMatchObject({ by: { state: "known", who: "administrator", call: "ModifyListener" } });
  expect(drift?.message).toMatch(
    /^Weights changed from .* to 7\/7 at \d\d:\d\d UTC, outside Switchyard by administrator$/,
  );
  setWeights(world, { blue: 0, green: 0, [live]: 100 });
  await until(async () => (await drifts()).length === 0);
});

test("Switchyard's own switch and rollback are never told as somebody else's", async () => {
  const seen: string[] = [];
  const stop = world.runtime.hub.subscribe("library", ({ drifts: all = [] }) => {
    for (const { message } of all) seen.push(message);
  });
  await ended(world, await pressed(world, await standby(world)));
  expect(
    await ended(world, idOf(await onFreshLook(() => rollBack(world.as("operator"), { application: "library" })))),
  ).toMatchObject({
    status: "SUCCESSFUL",
  });
  await world.runtime.observer.refreshNow("library");
  stop();
  expect(seen).toEqual([]);
});

test("a rollback goes on although somebody split the traffic", async () => {
  const to = await standby(world);
  const back = to === "green" ? "blue" : "green";
  await ended(world, await pressed(world, to));
  setWeights(world, { blue: 60, green: 40 });
  await until(async () => (await drifts()).length > 0);
  expect(
    await ended(world, idOf(await onFreshLook(() => rollBack(world.as("operator"), { application: "library" })))),
  ).toMatchObject({
    status: "SUCCESSFUL",
  });
  expect((await weights(world))[back]).toBe(100);
  await until(async () => (await drifts()).length === 0);
});

test("an approver overrides what is judged, by name and with a reason, and the audit says so", async () => {
  const to = await standby(world);
  setWeights(world, { blue: 70, green: 70, [to]: 0 });
  await until(async () => (await receipt(world, to)).blockers.some(({ code }) => code === "DRIFT_NOT_ACKNOWLEDGED"));
  const { hash } = await receipt(world, to);
  const ask = (role: "operator" | "approver", override: object, signedInAgoMs = 0) =>
    switchTraffic(justSignedIn(role, signedInAgoMs), { application: "library", to, receipt: hash, override });
  const request = { application: "library", reason: "The other tool is ours" };
  expect(await ask("operator", request)).toMatchObject({ code: "FORBIDDEN" });
  expect(await ask("approver", { ...request, application: "libary" })).toMatchObject({ code: "INVALID_INPUT" });
  expect(await ask("approver", { ...request, reason: " " })).toMatchObject({ code: "INVALID_INPUT" });
  expect(await ask("approver", request, 3_600_000)).toMatchObject({ code: "STEP_UP_REQUIRED" });
  expect(world.shifts()).toBe(0);
  const done = await ended(world, idOf(await ask("approver", request)));
  expect(done).toMatchObject({
    status: "SUCCESSFUL",
    override: {
      to,
      reason: request.reason,
      actor: { name: "approver" },
      blockers: [{ code: "DRIFT_NOT_ACKNOWLEDGED" }],
    },
  });
  const [row] = (await world.runtime.store.listAudit({ action: "deployment.override" }, { limit: 1 })).items;
  expect(row).toMatchObject({
    deploymentId: done.id,
    reason: request.reason,
    outcome: "done",
    message: expect.stringContaining("Weights changed"),
  });
});

test("an approver rolls back to a side that is not well, by name and with a reason, and the audit says so", async () => {
  const live = await standby(world);
  const old = otherColor(live);
  await ended(world, await pressed(world, live));
  const { observer, store } = world.runtime;
  // ECS replaces what is not well: what comes in its place is no better, from its first check on.
  const { controls, targets } = world.sandbox.elb;
  const { register } = targets;
  targets.register = (group, target) => {
    controls.setVirtualHealth(target.id, 404);
    register(group, target);
  };
  onTestFinished(() => {
    targets.register = register;
  });
  const [, ...others] = (await observer.refreshNow("library")).slots[old].targets;
  for (const { id } of others) controls.setVirtualHealth(id, 404);
  await until(async () => (await observer.refreshNow("library")).slots[old].counts.healthy === 1, 30_000);
  world.sandbox.calls.resetJournal();
  const ask = (role: "operator" | "approver", override?: object) =>
    rollBack(justSignedIn(role, 0), { application: "library", override });
  const request = { application: "library", reason: "One task of the old side serves more than the new one" };
  expect(await ask("approver")).toMatchObject({ code: "OLD_SIDE_NOT_HEALTHY" });
  expect(await ask("operator", request)).toMatchObject({ code: "FORBIDDEN" });
  expect(world.shifts()).toBe(0);
  const done = await ended(world, idOf(await ask("approver", request)));
  expect(done).toMatchObject({
    kind: "ROLLBACK",
    status: "SUCCESSFUL",
    override: { to: old, reason: request.reason, blockers: [{ code: "OLD_SIDE_NOT_HEALTHY" }] },
  });
  expect(await weights(world)).toEqual(allTo(old));
  const [row] = (await store.listAudit({ action: "deployment.override" }, { limit: 1 })).items;
  expect(row).toMatchObject({ deploymentId: done.id, reason: request.reason, outcome: "done", actorName: "approver" });
});

test("a listener that is deleted and made anew, with other weights, is told as both and blocks until acknowledged", async () => {
  const elb = new ElasticLoadBalancingV2Client({
    ...{ region: world.sandbox.place.region, endpoint: world.sandbox.url, credentials: ADMINISTRATOR },
  });
  onTestFinished(() => elb.destroy());
  const to = await standby(world);
  const { traffic, slots } = await world.runtime.observer.refreshNow("library");
  const before = traffic.listenerOrRuleArn;
  const { Listeners = [] } = await elb.send(new DescribeListenersCommand({ ListenerArns: [before] }));
  await elb.send(new DeleteListenerCommand({ ListenerArn: before }));
  const tuples = (["blue", "green"] as const).map((color) => ({
    TargetGroupArn: slots[color].targetGroupArn,
    Weight: color === to ? 100 : 0,
  }));
  const created = await elb.send(
    new CreateListenerCommand({
      ...{ LoadBalancerArn: Listeners[0]?.LoadBalancerArn, Protocol: "HTTP", Port: 80 },
      DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups: tuples } }],
    }),
  );
  const found = await until(async () => {
    const told = await drifts().catch(() => []);
    // What it holds is read a moment after it is found.
    return told.length > 1 ? told : null;
  });
  expect(found.map(({ part, blocks }) => [part, blocks])).toEqual([
    ["listener", true],
    ["weights", true],
  ]);
  const id = (arn = "") => shortName(arn);
  expect(found[0]?.message).toContain(
    `(${id(before)}) became library-alb HTTP:80 (${id(created.Listeners?.[0]?.ListenerArn)})`,
  );
  expect(await press(world, otherColor(to))).toMatchObject({ code: "DRIFT_NOT_ACKNOWLEDGED" });
  for (const drift of found) await acknowledged(drift.id);
  await until(async () => (await receipt(world, otherColor(to))).blockers.length === 0, 30_000);
});

test("another service that registers its tasks in a side's group is told, blocks a switch to it, and is gone with its tasks", async () => {
  const to = await standby(world);
  const { cluster, slots } = world.runtime.observer.findApplication("library") ?? {};
  const group = slots?.[to].targetGroupArn;
  const call = (operation: string, input: object) =>
    world.sandbox.ecs.service.operations[operation]?.(input, {
      requestId: "console",
      signal: new AbortController().signal,
    });
  const networkConfiguration = { awsvpcConfiguration: { subnets: SEED_SUBNETS.slice(0, 1) } };
  await call("CreateService", {
    ...{ cluster, serviceName: "reports", desiredCount: 1, launchType: "FARGATE", networkConfiguration },
    taskDefinition: "library-management-task",
    loadBalancers: [{ targetGroupArn: group, containerName: "library", containerPort: 8081 }],
  });
  const [drift] = await until(async () => {
    const found = await drifts();
    return found.length > 0 ? found : null;
  });
  expect(drift?.message).toMatch(
    new RegExp(`Targets in ${to}'s group that belong to no task changed from none to \\S+:8081 at`),
  );
  expect(await press(world, to)).toMatchObject({ ok: false, code: "DRIFT_NOT_ACKNOWLEDGED" });
  await call("DeleteService", { cluster, service: "reports", force: true });
});

test("a target that somebody takes away while its task runs is told, blocks a switch to it, and is none once it is back", async () => {
  const to = await standby(world);
  const slot = world.runtime.observer.observation("library")?.slots[to];
  const [target] = slot?.targets ?? [];
  if (!slot || !target) throw new Error(`${to} has no target`);
  const client = new ElasticLoadBalancingV2Client({
    ...{ region: world.sandbox.place.region, endpoint: world.sandbox.url, credentials: ADMINISTRATOR },
  });
  onTestFinished(() => client.destroy());
  const named = { TargetGroupArn: slot.targetGroupArn, Targets: [{ Id: target.id, Port: target.port }] };
  await client.send(new DeregisterTargetsCommand(named));
  const [drift] = await until(async () => {
    const found = await drifts();
    return found.length > 0 ? found : null;
  }, 60_000);
  expect(drift?.message).toContain(`changed from none to ${target.id} at`);
  expect(await press(world, to)).toMatchObject({ ok: false, code: "DRIFT_NOT_ACKNOWLEDGED" });
  await client.send(new RegisterTargetsCommand(named));
  await until(async () => (await drifts()).length === 0, 60_000);
}, 130_000);
