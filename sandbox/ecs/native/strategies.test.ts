import { expect, test } from "vitest";
import { weightsOf } from "./entrances.ts";
import { balancer, isOver, startNativeWorld } from "./native-fixture.ts";
import { trafficSteps } from "./steps.ts";

test.each([
  [{ strategy: "BLUE_GREEN" }, [100], []],
  [{ strategy: "CANARY" }, [5, 100], [10]],
  [{ strategy: "CANARY", canaryConfiguration: { canaryPercent: 0.1, canaryBakeTimeInMinutes: 1 } }, [0.1, 100], [1]],
  [{ strategy: "CANARY", canaryConfiguration: { canaryPercent: 100 } }, [100], []],
  [{ strategy: "LINEAR", linearConfiguration: { stepPercent: 20 } }, [20, 40, 60, 80, 100], [6, 6, 6, 6]],
  [{ strategy: "LINEAR", linearConfiguration: { stepPercent: 33.3 } }, [33.3, 66.6, 99.9, 100], [6, 6, 6]],
] as const)("%j shifts to %j percent; the last step has no bake of its own", (configuration, percents, bakes) => {
  const steps = trafficSteps({ ...configuration });
  expect(steps.map(({ percent }) => percent)).toEqual(percents);
  expect(steps.map(({ bakeMinutes }) => bakeMinutes)).toEqual([...bakes, 0]);
});

test.each([
  [0, { serving: 0, other: 100 }],
  [100, { serving: 100, other: 0 }],
  [5, { serving: 5, other: 95 }],
  [0.1, { serving: 1, other: 999 }],
  [99.9, { serving: 999, other: 1 }],
])("%d percent is written as %j", (percent, weights) => {
  expect(weightsOf(percent)).toEqual(weights);
});

test("LINEAR shifts in equal steps, each baked, with all tasks of the new revision up before the first", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.1.0", {
    deploymentConfiguration: {
      strategy: "LINEAR",
      bakeTimeInMinutes: 0,
      linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 1 },
    },
  });
  const shares: (number | undefined)[] = [];
  const { deployment, stages } = await world.until((one) => {
    const share = one.targetServiceRevision?.requestedProductionTrafficWeight;
    if (shares.at(-1) !== share) shares.push(share);
    if ((share ?? 0) > 0) expect(one.targetServiceRevision?.runningTaskCount).toBe(2);
    return isOver(one);
  }, "deployed");
  expect(deployment.status).toBe("SUCCESSFUL");
  expect(shares).toEqual([0, 40, 80, 100]);
  expect(stages.filter((stage) => stage === "PRE_PRODUCTION_TRAFFIC_SHIFT")).toHaveLength(3);
});

test("without a test rule the test stages pass at once", async () => {
  const world = await startNativeWorld();
  await world.created({ loadBalancers: [balancer(world, { testListenerRule: undefined })] });
  const before = await world.weights(world.testRule);
  await world.deploy("1.1.0");
  const { deployment, stages } = await world.until(isOver, "deployed");
  expect(deployment.status).toBe("SUCCESSFUL");
  expect(stages).toContain("TEST_TRAFFIC_SHIFT");
  expect(await world.weights(world.testRule)).toEqual(before);
});
