import type * as Ecs from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { blueGreen, isOver, type NativeWorld, startNativeWorld } from "./native-fixture.ts";

const CHECK = "arn:aws:lambda:ap-northeast-2:123456789012:function:check";

const lambdaAt = (...lifecycleStages: Ecs.DeploymentLifecycleHookStage[]): Ecs.DeploymentLifecycleHook => ({
  targetType: "AWS_LAMBDA",
  hookTargetArn: CHECK,
  roleArn: "arn:aws:iam::123456789012:role/hooks",
  lifecycleStages,
  hookDetails: { table: "books" },
});

/** What ECS sent to a function. */
interface Call {
  payload: { lifecycleStage: string; executionDetails: { productionTrafficWeights: Record<string, number> } };
}

const control = async <T>(world: NativeWorld, method: string, body?: object): Promise<T> => {
  const init = { method, ...(body ? { body: JSON.stringify(body) } : {}) };
  return (await (await fetch(`${world.sandbox.url}/_sandbox/hooks`, init)).json()) as T;
};

test("functions get what AWS sends; weights are told at the stages of shifts", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.1.0", {
    deploymentConfiguration: blueGreen([
      lambdaAt("PRE_SCALE_UP", "PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"),
    ]),
  });
  const { deployment } = await world.until(isOver, "deployed");
  expect(deployment).toMatchObject({
    status: "SUCCESSFUL",
    lifecycleHookDetails: [
      { targetType: "AWS_LAMBDA", targetArn: CHECK, status: "SUCCEEDED" },
      { status: "SUCCEEDED" },
      { status: "SUCCEEDED" },
    ],
  });
  const green = deployment.targetServiceRevision?.arn ?? "";
  const blue = deployment.sourceServiceRevisions?.[0]?.arn ?? "";
  const calls = await control<Call[]>(world, "GET");
  expect(
    calls.map(({ payload }) => [payload.lifecycleStage, payload.executionDetails.productionTrafficWeights]),
  ).toEqual([
    ["PRE_SCALE_UP", {}],
    ["PRE_PRODUCTION_TRAFFIC_SHIFT", { [green]: 0, [blue]: 100 }],
    ["PRODUCTION_TRAFFIC_SHIFT", { [green]: 100, [blue]: 0 }],
  ]);
  expect(calls[0]?.payload).toMatchObject({
    resourceArn: deployment.serviceDeploymentArn,
    hookDetails: { table: "books" },
  });
});

test.each([
  ["FAILED", `Lifecycle hook target ${CHECK} returned FAILED status.`],
  ["ERROR", `ECS was unable to parse the response from ${CHECK} due to HookStatus must not be null`],
  ["NOT_INVOKED", `ECS was unable to invoke hook target ${CHECK}`],
  ["ROLE_REFUSED", "ECS was unable to assume role arn:aws:iam::123456789012:role/hooks"],
])("a function that ends %s rolls the deployment back, in AWS's words", async (outcome, words) => {
  const world = await startNativeWorld();
  await world.created();
  await control(world, "POST", { hookTargetArn: CHECK, outcome });
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([lambdaAt("POST_TEST_TRAFFIC_SHIFT")]) });
  const { deployment } = await world.until(isOver, "over");
  expect(deployment).toMatchObject({
    status: "ROLLBACK_SUCCESSFUL",
    statusReason: `Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. ${words}`,
    lifecycleHookDetails: [{ status: "FAILED" }],
  });
});

test("IN_PROGRESS is asked again after its delay", async () => {
  const world = await startNativeWorld();
  await world.created();
  await control(world, "POST", { hookTargetArn: CHECK, outcome: "IN_PROGRESS", count: 2, callBackDelaySeconds: 60 });
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([lambdaAt("POST_SCALE_UP")]) });
  await world.until(({ lifecycleHookDetails }) => lifecycleHookDetails?.[0]?.status === "IN_PROGRESS", "asked");
  const askedAt = world.clock.now();
  await world.until(({ lifecycleHookDetails }) => lifecycleHookDetails?.[0]?.status === "SUCCEEDED", "done");
  expect(world.clock.now() - askedAt).toBeGreaterThan(120_000);
  expect(await control<unknown[]>(world, "GET")).toHaveLength(3);
});

test("on the way back the functions of the shifts are called again, the target at 0", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.1.0", {
    deploymentConfiguration: blueGreen([lambdaAt("PRODUCTION_TRAFFIC_SHIFT")], { bakeTimeInMinutes: 5 }),
  });
  await world.until(({ lifecycleStage }) => lifecycleStage === "BAKE_TIME", "baking");
  await world.stop();
  const { deployment } = await world.until(isOver, "rolled back");
  const green = deployment.targetServiceRevision?.arn ?? "";
  const calls = await control<Call[]>(world, "GET");
  expect(calls.map(({ payload }) => payload.executionDetails.productionTrafficWeights[green])).toEqual([100, 0]);
});

test("the control refuses an outcome that there is none of", async () => {
  const world = await startNativeWorld();
  expect(await control(world, "POST", { hookTargetArn: CHECK, outcome: "MAYBE" })).toMatchObject({ field: "outcome" });
});

test("a function writes to its own log group what Lambda's runtime does, and nothing where it was not called", async () => {
  const world = await startNativeWorld();
  await world.created();
  await control(world, "POST", { hookTargetArn: CHECK, outcome: "ERROR" });
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([lambdaAt("POST_SCALE_UP")]) });
  await world.until(isOver, "rolled back");
  const { operations } = world.sandbox.logs.service;
  const call = { requestId: "t", signal: new AbortController().signal };
  const read = operations.FilterLogEvents?.({ logGroupName: "/aws/lambda/check" }, call);
  const { events } = (await read) as { events: { message: string }[] };
  expect(events.map(({ message }) => message.replace(/: .*/, ""))).toEqual([
    "START RequestId",
    "[ERROR] AssertionError",
    "END RequestId",
  ]);
});
