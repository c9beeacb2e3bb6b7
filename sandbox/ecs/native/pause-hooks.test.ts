import * as Ecs from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { awaited, blueGreen, isOver, pauseAt, startNativeWorld } from "./native-fixture.ts";

const isPaused = (deployment: Ecs.ServiceDeployment) => awaited(deployment) !== undefined;

test("a pause hook holds the stage until it is answered, and reads SUCCEEDED then", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([pauseAt("POST_TEST_TRAFFIC_SHIFT")]) });
  const { deployment } = await world.until(isPaused, "paused");
  expect(deployment.lifecycleStage).toBe("POST_TEST_TRAFFIC_SHIFT");
  const hook = awaited(deployment);
  expect(hook).toMatchObject({
    targetType: "PAUSE",
    timeoutAction: "ROLLBACK",
    hookId: expect.stringMatching(/^ecs-pause-[\w-]{43}$/),
  });
  expect(hook?.targetArn).toBeUndefined();
  expect((hook?.expiresAt?.getTime() ?? 0) - world.clock.now()).toBeGreaterThan(1439 * 60_000);
  expect(await world.weights(world.testRule)).toEqual({ blue: 100, green: 0 });
  expect(await world.weights(world.productionRule)).toEqual({ blue: 0, green: 100 });
  await world.pass(300);
  expect((await world.deployment()).lifecycleStage).toBe("POST_TEST_TRAFFIC_SHIFT");
  await world.answer("CONTINUE");
  const done = (await world.until(isOver, "deployed")).deployment;
  expect(done).toMatchObject({
    status: "SUCCESSFUL",
    lifecycleHookDetails: [{ hookId: hook?.hookId, status: "SUCCEEDED" }],
  });
});

test("a ROLLBACK answer turns the same service deployment back; the production rule never moved", async () => {
  const world = await startNativeWorld();
  await world.created();
  const before = (await world.service()).taskDefinition;
  const arn = await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([pauseAt("POST_TEST_TRAFFIC_SHIFT")]) });
  await world.until(isPaused, "paused");
  await world.answer("ROLLBACK");
  expect(await world.deployment()).toMatchObject({
    status: "ROLLBACK_REQUESTED",
    lifecycleHookDetails: [{ status: "FAILED" }],
  });
  const { deployment } = await world.until(isOver, "rolled back");
  expect(deployment).toMatchObject({
    serviceDeploymentArn: arn,
    status: "ROLLBACK_SUCCESSFUL",
    rollback: { serviceRevisionArn: deployment.sourceServiceRevisions?.[0]?.arn },
  });
  expect(await world.weights(world.testRule)).toEqual({ blue: 0, green: 100 });
  expect(await world.weights(world.productionRule)).toEqual({ blue: 0, green: 100 });
  await world.pass(2);
  expect(await world.targets(world.blue)).toEqual([]);
  expect((await world.service()).taskDefinition).toBe(before);
});

test.each([
  ["ROLLBACK", "ROLLBACK_SUCCESSFUL"],
  ["CONTINUE", "SUCCESSFUL"],
] as const)("nobody answers: the hook is TIMED_OUT and its action %s is taken", async (action, status) => {
  const world = await startNativeWorld();
  await world.created();
  const hook = { ...pauseAt("POST_TEST_TRAFFIC_SHIFT"), timeoutConfiguration: { timeoutInMinutes: 2, action } };
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([hook]) });
  const paused = (await world.until(isPaused, "paused")).deployment;
  expect(awaited(paused)?.timeoutAction).toBe(action);
  await world.pass(125);
  const { deployment } = await world.until(isOver, "over");
  expect(deployment).toMatchObject({ status, lifecycleHookDetails: [{ status: "TIMED_OUT" }] });
  if (action === "ROLLBACK")
    expect(deployment.statusReason).toBe(
      "Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT pause hook timed out.",
    );
});

test("an id is good for one answer, of its own deployment, while that goes on", async () => {
  const world = await startNativeWorld();
  await world.created();
  const deploymentConfiguration = blueGreen([pauseAt("POST_TEST_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT")]);
  const arn = await world.deploy("1.1.0", { deploymentConfiguration });
  const first = awaited((await world.until(isPaused, "paused")).deployment)?.hookId ?? "";
  const say = (serviceDeploymentArn: string, hookId: string) =>
    world.ecs.send(new Ecs.ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId })).then(
      () => "accepted",
      (error: Error) => `${error.name}: ${error.message}`,
    );
  const used =
    "InvalidParameterException: Provided hookId is either completed, unavailable, or not associated with the given Resource ARN";
  expect(await say(arn, "pause")).toBe(
    "InvalidParameterException: Invalid hookId: hookId must follow the format: ecs-{hookType}-{id}",
  );
  expect(await say(`${arn.slice(0, -3)}xxx`, first)).toBe(
    "ServiceDeploymentNotFoundException: The service deployment does not exist.",
  );
  expect(await say(arn, first.replace(/...$/, "___"))).toBe(used);
  // Without an action ECS continues.
  expect(await say(arn, first)).toBe("accepted");
  expect(await say(arn, first)).toBe(used);
  const { deployment, stages } = await world.until(isPaused, "paused again");
  expect(stages).toContain("PRODUCTION_TRAFFIC_SHIFT");
  expect(awaited(deployment)?.hookId).not.toBe(first);
  await world.answer("CONTINUE");
  await world.until(isOver, "deployed");
  expect(await say(arn, first)).toMatch(/not allowed for service deployment in terminal states/);
});

test("each step of a canary has a pause of its own", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.1.0", {
    deploymentConfiguration: {
      strategy: "CANARY",
      bakeTimeInMinutes: 0,
      canaryConfiguration: { canaryPercent: 12.5, canaryBakeTimeInMinutes: 1 },
      lifecycleHooks: [pauseAt("PRE_PRODUCTION_TRAFFIC_SHIFT")],
    },
  });
  const first = awaited((await world.until(isPaused, "paused")).deployment)?.hookId;
  await world.answer("CONTINUE");
  const second = awaited((await world.until(isPaused, "paused before the rest")).deployment)?.hookId;
  expect(second).not.toBe(first);
  expect(await world.weights(world.productionRule)).toEqual({ blue: 125, green: 875 });
  expect((await world.deployment()).targetServiceRevision?.requestedProductionTrafficWeight).toBe(12.5);
  await world.answer("CONTINUE");
  expect((await world.until(isOver, "deployed")).deployment.lifecycleHookDetails).toHaveLength(2);
});

test("DescribeServices tells of a pause hook its stages alone, DescribeServiceDeployments all of it", async () => {
  const world = await startNativeWorld();
  const hook = {
    ...pauseAt("POST_SCALE_UP"),
    timeoutConfiguration: { timeoutInMinutes: 5, action: "CONTINUE" as const },
  };
  await world.createService(await world.register("1.0.0"), { deploymentConfiguration: blueGreen([hook]) });
  expect((await world.service()).deploymentConfiguration?.lifecycleHooks).toEqual([
    { lifecycleStages: ["POST_SCALE_UP"] },
  ]);
  expect((await world.deployment()).deploymentConfiguration?.lifecycleHooks).toEqual([hook]);
  // A create pauses as well.
  expect((await world.until(isPaused, "paused")).deployment.lifecycleStage).toBe("POST_SCALE_UP");
});

test("hooks can be changed without a deployment, and the one in flight keeps its own", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([pauseAt("POST_SCALE_UP")]) });
  await world.until(isPaused, "paused");
  await world.update({ deploymentConfiguration: blueGreen([], { bakeTimeInMinutes: 3 }) });
  const { serviceDeployments } = await world.ecs.send(
    new Ecs.ListServiceDeploymentsCommand({ cluster: "main", service: "web" }),
  );
  expect(serviceDeployments).toHaveLength(2);
  expect(await world.deployment()).toMatchObject({
    lifecycleStage: "POST_SCALE_UP",
    deploymentConfiguration: { bakeTimeInMinutes: 0, lifecycleHooks: [{ targetType: "PAUSE" }] },
  });
});
