import {
  ApplicationAutoScalingClient,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scaleInsOf } from "../domain/observation/scale-ins.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { createTestWorld, type TestWorld, until } from "../testing/test-world.ts";

const CLUSTER = "library-management-cluster";
const WHERE = {
  ServiceNamespace: "ecs",
  ResourceId: `service/${CLUSTER}/library-green-service`,
  ScalableDimension: "ecs:service:DesiredCount",
} as const;

let world: TestWorld;
beforeAll(async () => {
  world = await createTestWorld({ sandbox: { speed: 20, ecs: { virtual: true } }, watchDrift: true, scalingMs: 500 });
});
afterAll(() => world.close());

test("a count that auto scaling set is no change of anybody's, and one that a person set is", async () => {
  const { url: endpoint, place } = world.sandbox;
  const client = { endpoint, region: place.region, credentials: ADMINISTRATOR };
  const scaling = new ApplicationAutoScalingClient(client);
  const ecs = new ECSClient(client);
  const green = () => world.runtime.observer.observation("library")?.slots.green;
  const drifts = async () => (await world.runtime.store.findLedger("library"))?.drifts ?? [];
  await until(async () => (await world.runtime.store.findLedger("library")) !== null);

  await scaling.send(new RegisterScalableTargetCommand({ ...WHERE, MinCapacity: 1, MaxCapacity: 4 }));
  // Two minutes of the sandbox's time from now.
  const at = new Date(world.sandbox.clock.now() + 120_000).toISOString().slice(0, 16);
  await scaling.send(
    new PutScheduledActionCommand({
      ...WHERE,
      ScheduledActionName: "evening",
      Schedule: `at(${at}:00)`,
      ScalableTargetAction: { MaxCapacity: 1 },
    }),
  );
  const told = await until(() => {
    const slot = green();
    const sentences = slot ? scaleInsOf(slot, world.sandbox.clock.now()) : [];
    return sentences.length > 0 ? sentences.map(inEnglish) : null;
  });
  expect(told).toEqual([`Scheduled action evening leaves green at most 1 task from ${at.replace("T", " ")} UTC`]);

  await until(() => green()?.counts.desired === 1 && green()?.scaling?.countWhenRead === 1, 30_000);
  await until(async () => (await world.runtime.store.findLedger("library"))?.parts["green.desired"] === "1");
  expect(await drifts()).toEqual([]);

  await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: "library-green-service", desiredCount: 3 }));
  await until(async () => (await drifts()).length > 0);
  expect(await drifts()).toMatchObject([{ part: "green.desired", from: "1", to: "3", blocks: false }]);
  for (const each of [scaling, ecs]) each.destroy();
});
