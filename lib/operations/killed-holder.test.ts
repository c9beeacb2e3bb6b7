import { once } from "node:events";
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { Stage } from "../domain/deployment/deployment.ts";
import { findPostgres } from "../testing/test-postgres.ts";
import {
  APPLICATION,
  BEFORE_SWITCH,
  createReplicaWorld,
  type ReplicaWorld,
  testListener,
  until,
} from "../testing/test-replicas.ts";

/* The replica that acts is killed, wherever a deployment stands: another goes on, and nothing is done twice. */

const bin = findPostgres();

describe.skipIf(bin === null)("two replicas on one PostgreSQL", () => {
  let world: ReplicaWorld;
  beforeAll(async () => {
    world = await createReplicaWorld(bin ?? "");
  }, 120_000);
  afterAll(() => world.close());

  // First, so that nothing is left to be rolled back by replicas that would wait for a verification of it.
  test("the holder is killed while it verifies, and the other verifies the switch that it did not make", async () => {
    const applications = [{ ...APPLICATION, requestLine: "GET \\S+ (?<status>\\d{3})" }];
    const [first, second] = await Promise.all([world.start({ applications }), world.start({ applications })]);
    await world.settle(second);
    const id = await world.releaseUpTo(first, "POST_PRODUCTION_TRAFFIC_SHIFT");
    await first.kill();
    await world.untilTakenOver(second);
    const task = (await world.observe()).slots.green.tasks.find(({ logStream }) => logStream);
    if (!task?.logStream) throw new Error("green's tasks write no logs");
    const line = { timestamp: Date.now(), message: "GET / 200" };
    world.sandbox.logs.sink.write(APPLICATION.logGroup, task.logStream, [line]);
    const baking = await world.untilStage(id, (d) => d.stage === "BAKE_TIME", `${id} bakes`);
    const sentAt = baking.plan?.shift?.sentAt ?? 0;
    expect(baking.proof).toMatchObject({ proven: true, firstRequestOnNewMs: line.timestamp - sentAt });
    expect(await world.live()).toEqual({ blue: 0, green: 100 });
    expect(world.done("ModifyListener")).toHaveLength(1);
    expect(world.scaledToZero()).toEqual([]);
    await world.expectJournalClosed(id);
  }, 120_000);

  test.each<Stage>([
    "PRE_SCALE_UP",
    "SCALE_UP",
    "POST_SCALE_UP",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "PRODUCTION_TRAFFIC_SHIFT",
    "BAKE_TIME",
  ])(
    "the holder is killed in %s, and the other goes on and does nothing twice",
    async (stage) => {
      const [first, second] = await Promise.all([world.start(), world.start()]);
      await world.settle(second);
      const id = await world.releaseUpTo(first, stage);
      await first.kill();
      await world.untilTakenOver(second);
      await world.untilStage(
        id,
        (d) => d.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" || !BEFORE_SWITCH.includes(d.stage),
        "it goes on",
      );
      if (BEFORE_SWITCH.includes(stage)) await world.untilSwitched(second);
      await world.untilStage(id, (d) => d.stage === "BAKE_TIME", `${id} bakes`);
      expect(await world.live()).toEqual({ blue: 0, green: 100 });
      expect(world.done("ModifyListener")).toHaveLength(1);
      expect(world.done("RegisterTaskDefinition")).toHaveLength(1);
      expect(world.scaledToZero()).toEqual([]);
      await world.expectJournalClosed(id);
    },
    120_000,
  );

  test("holders are killed while the test listener is moved and asked, and the last one puts it back", async () => {
    const gate = await startGate();
    const smoke = { path: "/", status: 200 };
    const applications = [{ ...APPLICATION, testListener, testUrl: gate.url, smoke }];
    const start = () => world.start({ applications });
    const [first, ...others] = await Promise.all([start(), start(), start()]);
    await world.settle(first);
    world.setWeights(81, { blue: 100, green: 0 });
    const id = await world.releaseUpTo(first, "TEST_TRAFFIC_SHIFT");
    await first.kill();
    await until("the new side is asked", async () => gate.asked() === 1);
    const second = await world.untilTakenOver(...others);
    expect(await world.store.findDeployment(id)).toMatchObject({ stage: "POST_TEST_TRAFFIC_SHIFT" });
    await second.kill();
    gate.open();
    const third = await world.untilTakenOver(...others.filter((each) => each !== second));
    await world.untilStage(id, (d) => d.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT", `${id} waits`);
    expect((await world.observe()).traffic.test?.weights).toEqual({ blue: 0, green: 100 });
    expect(world.done("ModifyListener")).toHaveLength(1);
    expect(await third.ask("abort", { deploymentId: id })).toMatchObject({ ok: true });
    await world.untilStage(id, (d) => d.status === "STOPPED", `${id} stops`);
    const { traffic } = await world.observe();
    expect([traffic.weights, traffic.test?.weights]).toEqual([
      { blue: 100, green: 0 },
      { blue: 100, green: 0 },
    ]);
    expect(world.done("ModifyListener")).toHaveLength(2);
    expect(world.scaledToZero()).toEqual([]);
    await world.expectJournalClosed(id);
  }, 120_000);

  test.each(["answer", "request"] as const)(
    "the holder is killed in a rollback's write of weights, whose %s is lost, and the other ends the rollback",
    async (lost) => {
      const [first, second] = await Promise.all([world.start(), world.start()]);
      await world.settle(second);
      const id = await world.releaseUpTo(first, "BAKE_TIME");
      const write = world.cutOff("ModifyListener", lost);
      expect(await second.ask("rollback", { reason: "slow" })).toMatchObject({ ok: true, value: { id } });
      await write.isSent();
      expect(await world.store.findDeployment(id)).toMatchObject({ status: "ROLLBACK_IN_PROGRESS" });
      await first.kill();
      // The other gives the lease up as soon as it is done, maybe sooner than anybody looks.
      await world.untilStage(id, (d) => d.status === "ROLLBACK_SUCCESSFUL", `${id} is rolled back`);
      expect(await world.live()).toEqual({ blue: 100, green: 0 });
      expect(world.done("ModifyListener")).toHaveLength(2);
      expect(world.scaledToZero()).toEqual([]);
      await world.expectJournalClosed(id);
    },
    120_000,
  );

  test.each(["answer", "request"] as const)(
    "a replica is killed while it stops the old side, in the call whose %s is lost; the other writes that down, and is asked again",
    async (lost) => {
      const applications = [{ ...APPLICATION, windowMinutes: 0 }];
      const [first, second] = await Promise.all([world.start({ applications }), world.start({ applications })]);
      await world.settle(second);
      const id = await world.untilSwitched(first);
      await world.untilStage(id, (d) => d.status === "SUCCESSFUL", `${id} ends`);
      const write = world.cutOff("UpdateService", lost);
      await until("the old side is being stopped", async () => (await first.ask("retire", { deploymentId: id })).ok);
      await write.isSent();
      await first.kill();
      await world.expectJournalClosed(id);
      await until("it is asked again", async () => (await second.ask("retire", { deploymentId: id })).ok);
      await until("blue runs nothing", async () => (await world.observe()).slots.blue.counts.desired === 0);
      await world.expectJournalClosed(id);
      expect(world.scaledToZero()).toEqual([APPLICATION.blue.service]);
      expect(await world.live()).toEqual({ blue: 0, green: 100 });
      expect((await world.observe()).slots.green.counts).toMatchObject({ desired: 2, healthy: 2 });
    },
    120_000,
  );

  test("with the lease as it is outside tests, another replica goes on", async () => {
    const settings = { leaseMs: undefined };
    const [first, second] = await Promise.all([world.start(settings), world.start(settings)]);
    await world.settle(second);
    const id = await world.releaseUpTo(first, "POST_SCALE_UP");
    await first.kill();
    await world.untilStage(id, (d) => d.stage === "PRE_PRODUCTION_TRAFFIC_SHIFT", "the other goes on");
    await world.untilTakenOver(second);
  }, 120_000);
});

/** A server that answers nobody until it is opened, and then everybody with 200. */
async function startGate() {
  let asked = 0;
  let isOpen = false;
  const server = createServer((_, response) => {
    asked += 1;
    if (isOpen) response.end("UP");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    asked: () => asked,
    open() {
      isOpen = true;
    },
  };
}
