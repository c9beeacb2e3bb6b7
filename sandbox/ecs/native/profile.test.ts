import * as Ecs from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { isOver, startNativeWorld } from "./native-fixture.ts";

test("with AWS's times a new service deployment is listed seconds after it was started", async () => {
  const world = await startNativeWorld({ profile: "aws" });
  await world.createService(await world.register("1.0.0"));
  const list = async () =>
    (await world.ecs.send(new Ecs.ListServiceDeploymentsCommand({ cluster: "main", service: "web" })))
      .serviceDeployments;
  expect(await list()).toEqual([]);
  expect((await world.service()).currentServiceDeployment).toBeUndefined();
  await world.pass(7);
  expect(await list()).toMatchObject([{ status: "IN_PROGRESS" }]);
});

test("with AWS's times the rule reads new first, then requests follow, then the requested weights", async () => {
  const world = await startNativeWorld({ profile: "aws", randomSeed: 3 });
  await world.createService(await world.register("1.0.0"));
  await world.until(isOver, "created");
  await world.deploy("1.1.0");
  await world.until(({ lifecycleStage }) => lifecycleStage === "PRODUCTION_TRAFFIC_SHIFT", "shifting");
  await world.pass(1.25);
  expect(await world.weights(world.productionRule)).toEqual({ blue: 100, green: 0 });
  const shown = async () => (await world.deployment()).targetServiceRevision?.requestedProductionTrafficWeight;
  expect(await shown()).toBe(0);
  const { url } = { url: world.sandbox.listenerUrls()["web:80"] ?? "" };
  // Virtual targets answer nobody: which group a request went to is what the load balancer counted.
  const groupOfARequest = async () => {
    const before = counts(world.sandbox.elb.controls.stats());
    await (await fetch(url)).arrayBuffer();
    const after = counts(world.sandbox.elb.controls.stats());
    return Object.keys(after).find((name) => after[name] !== before[name]);
  };
  expect(await groupOfARequest()).toBe("web-green");
  await world.pass(15);
  expect(await shown()).toBe(100);
  expect(await groupOfARequest()).toBe("web-blue");
});

function counts({ targetGroups }: { targetGroups: Record<string, { requests: number }> }): Record<string, number> {
  return Object.fromEntries(Object.entries(targetGroups).map(([name, { requests }]) => [name, requests]));
}

test("with AWS's times a deployment takes minutes, as posted timelines do", async () => {
  const world = await startNativeWorld({ profile: "aws" });
  await world.createService(await world.register("1.0.0"));
  await world.until(isOver, "created");
  const at = world.clock.now();
  await world.deploy("1.1.0", { deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 5 } });
  await world.pass(10);
  const { deployment } = await world.until(isOver, "deployed");
  expect(deployment.status).toBe("SUCCESSFUL");
  const minutes = (world.clock.now() - at) / 60_000;
  expect(minutes).toBeGreaterThan(7);
  expect(minutes).toBeLessThan(12);
});
