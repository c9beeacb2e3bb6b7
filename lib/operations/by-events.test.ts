import { afterAll, beforeAll, expect, test } from "vitest";
import { isAwaitingSwitch } from "../domain/deployment/deployment.ts";
import { createNativeWorld } from "../testing/native-world.ts";
import { type TestWorld, untilDeployment } from "../testing/test-world.ts";
import { deploy } from "./deploy.ts";

let world: TestWorld;

beforeAll(async () => {
  world = await createNativeWorld("orders", { byEventsAlone: true });
});
afterAll(() => world.close());

test("where nothing is looked at or moved by time, a release reaches ECS's gate by the looks that ECS's events cause", async () => {
  const [consumer] = world.runtime.events;
  const before = consumer?.use().looks ?? 0;
  const deployed = await deploy(world.as("operator"), {
    application: "orders",
    imageTag: "3.1.0",
    reason: "new search",
  });
  if (!deployed.ok) throw new Error(deployed.message);
  const waiting = await untilDeployment(world, deployed.value.id, isAwaitingSwitch, 90_000);
  expect(waiting).toMatchObject({ stage: "POST_TEST_TRAFFIC_SHIFT", to: "green", revision: { tag: "3.1.0" } });
  expect(consumer?.use().looks).toBeGreaterThan(before);
});
