import * as Ecs from "@aws-sdk/client-ecs";
import * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, onTestFinished, test } from "vitest";
import { putErrorsAlarm } from "../../cloudwatch/cloudwatch-fixture.ts";
import { awaited, blueGreen, isOver, type NativeWorld, pauseAt, startNativeWorld } from "./native-fixture.ts";

const BREAKER = {
  enable: true,
  rollback: true,
  thresholdConfiguration: { type: "COUNT", value: 3 },
} as const;
const BREAKER_REASON = "Service deployment rolled back because the circuit breaker threshold was exceeded.";

const forward = (world: NativeWorld, RuleArn: string, weights: Record<string, number>) =>
  world.elb.send(
    new Elb.ModifyRuleCommand({
      RuleArn,
      Actions: [
        {
          Type: "forward",
          ForwardConfig: {
            TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({ TargetGroupArn, Weight })),
          },
        },
      ],
    }),
  );

test("stopping in the bake flips the traffic back within the same service deployment", async () => {
  const world = await startNativeWorld();
  await world.created();
  const arn = await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([], { bakeTimeInMinutes: 5 }) });
  await world.until(({ lifecycleStage }) => lifecycleStage === "BAKE_TIME", "baking");
  expect(await world.weights(world.productionRule)).toEqual({ blue: 100, green: 0 });
  await world.stop();
  await world.stop();
  const { deployment, stages } = await world.until(isOver, "rolled back");
  expect(deployment).toMatchObject({ serviceDeploymentArn: arn, status: "ROLLBACK_SUCCESSFUL" });
  expect(stages).toEqual(["BAKE_TIME", "PRODUCTION_TRAFFIC_SHIFT", "TEST_TRAFFIC_SHIFT", "CLEAN_UP"]);
  expect(await world.weights(world.productionRule)).toEqual({ blue: 0, green: 100 });
  expect(await world.weights(world.testRule)).toEqual({ blue: 0, green: 100 });
  await world.pass(2);
  const { runningCount, deployments } = await world.service();
  expect([runningCount, deployments?.length]).toEqual([2, 1]);
  await expect(world.stop()).rejects.toMatchObject({ name: "ConflictException" });
});

test("stopping in CLEAN_UP starts the old tasks anew before traffic goes back", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.1.0");
  await world.until(
    ({ lifecycleStage, sourceServiceRevisions }) =>
      lifecycleStage === "CLEAN_UP" && sourceServiceRevisions?.[0]?.runningTaskCount === 0,
    "the old tasks are gone",
  );
  await world.stop();
  await world.until(({ status }) => status === "ROLLBACK_IN_PROGRESS", "on the way back");
  expect(await world.weights(world.productionRule)).toEqual({ blue: 100, green: 0 });
  const { deployment } = await world.until(isOver, "rolled back");
  expect(deployment.status).toBe("ROLLBACK_SUCCESSFUL");
  expect(await world.weights(world.productionRule)).toEqual({ blue: 0, green: 100 });
  expect(await world.targets(world.green)).toEqual(["healthy", "healthy"]);
});

test("ABORT is refused with AWS's text", async () => {
  const world = await startNativeWorld();
  await world.createService(await world.register("1.0.0"));
  const { serviceDeploymentArn } = await world.deployment();
  await expect(
    world.ecs.send(new Ecs.StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ABORT" })),
  ).rejects.toMatchObject({
    name: "UnsupportedFeatureException",
    message: "ECS StopServiceDeployment API with ABORT stopType is not supported.",
  });
});

test("the circuit breaker counts to its threshold and rolls back; the rules never moved", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.2.0-unhealthy", {
    deploymentConfiguration: blueGreen([], { deploymentCircuitBreaker: BREAKER }),
  });
  const { deployment, stages } = await world.until(isOver, "rolled back");
  expect(deployment).toMatchObject({
    status: "ROLLBACK_SUCCESSFUL",
    statusReason: BREAKER_REASON,
    deploymentCircuitBreaker: { status: "TRIGGERED", threshold: 3 },
    rollback: { reason: BREAKER_REASON },
  });
  expect(stages).not.toContain("TEST_TRAFFIC_SHIFT");
  expect(await world.weights(world.productionRule)).toEqual({ blue: 0, green: 100 });
  expect((await world.events()).join("\n")).toContain("rolling back to deployment ecs-svc/");
});

test("tasks that crash soon after they were healthy are no scaled-up revision", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.3.0-crash", { deploymentConfiguration: blueGreen([]) });
  await world.pass(60);
  expect((await world.deployment()).lifecycleStage).toBe("SCALE_UP");
});

test("without a rollback configured the circuit breaker stops the deployment, and both revisions stay", async () => {
  const world = await startNativeWorld();
  await world.created();
  const deploymentCircuitBreaker = { ...BREAKER, rollback: false };
  await world.deploy("1.2.0-unhealthy", { deploymentConfiguration: blueGreen([], { deploymentCircuitBreaker }) });
  const { deployment } = await world.until(isOver, "stopped");
  expect(deployment).toMatchObject({ status: "STOPPED", stoppedAt: expect.any(Date) });
  // The next one finds two revisions and reconciles first.
  await world.deploy("1.1.0");
  const { deployment: next, stages } = await world.until(isOver, "deployed");
  expect(next.status).toBe("SUCCESSFUL");
  expect(stages[0]).toBe("RECONCILE_SERVICE");
});

test("the first deployment that fails has nothing to go back to", async () => {
  const world = await startNativeWorld();
  const deploymentConfiguration = blueGreen([], { deploymentCircuitBreaker: BREAKER });
  await world.createService(await world.register("1.2.0-unhealthy"), { deploymentConfiguration });
  const { deployment } = await world.until(isOver, "over");
  expect(deployment).toMatchObject({
    status: "ROLLBACK_FAILED",
    statusReason: expect.stringContaining("No rollback candidate was found to run the rollback."),
  });
  expect(deployment.rollback).toBeUndefined();
});

const ASYNCHRONOUS: [string, (world: NativeWorld) => Promise<unknown>, RegExp][] = [
  [
    "both groups serve",
    (world) => forward(world, world.productionRule, { [world.blue]: 50, [world.green]: 50 }),
    /\. productionListenerRule \S+ should have exactly one target group serving traffic but found 2 target groups which are serving traffic$/,
  ],
  [
    "the rule forwards elsewhere",
    async (world) => {
      const { TargetGroups } = await world.elb.send(
        new Elb.CreateTargetGroupCommand({
          Name: "other",
          Protocol: "HTTP",
          Port: 1,
          VpcId: world.vpcId,
          TargetType: "ip",
        }),
      );
      await forward(world, world.productionRule, { [TargetGroups?.[0]?.TargetGroupArn ?? ""]: 1 });
    },
    /\. Production listener rule is forwarding traffic to unexpected target group \S+other\S+\. Expected .* either targetGroupArn: \S+web-blue\S+ or alternateTargetGroupArn: \S+web-green\S+$/,
  ],
  [
    "a group is on neither rule",
    async (world) => {
      for (const rule of [world.productionRule, world.testRule]) await forward(world, rule, { [world.green]: 1 });
    },
    /: Target group \S+web-blue\S+ is not associated with either productionListenerRule or testListenerRule\.$/,
  ],
  [
    "the infrastructure role may not change the rule",
    async (world) => {
      const AssumeRolePolicyDocument = JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "ecs.amazonaws.com" }, Action: "sts:AssumeRole" }],
      });
      const input = { RoleName: "ecsInfrastructureRole", AssumeRolePolicyDocument };
      await world.sandbox.iam.operations.CreateRole?.(input, { requestId: "t", signal: new AbortController().signal });
    },
    /\. ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role 'arn:aws:iam::123456789012:role\/ecsInfrastructureRole'$/,
  ],
  [
    "the test rule is gone",
    (world) => world.elb.send(new Elb.DeleteRuleCommand({ RuleArn: world.testRule })),
    /\. One or more rules not found$/,
  ],
];

test.each(ASYNCHRONOUS)("a deployment rolls back when %s, in AWS's words", async (_name, change, words) => {
  const world = await startNativeWorld();
  await world.created();
  await change(world);
  await world.deploy("1.1.0");
  const { deployment, stages } = await world.until(isOver, "over");
  expect(deployment.status).toBe("ROLLBACK_SUCCESSFUL");
  expect(deployment.statusReason).toMatch(
    /^Service deployment rolled back because of invalid networking configuration/,
  );
  expect(deployment.statusReason).toMatch(words);
  expect(stages).not.toContain("SCALE_UP");
});

test("somebody rewrites the rule between deployments: ECS takes it at its word and registers the new revision in the group that serves", async () => {
  const world = await startNativeWorld();
  await world.created();
  // Production really is on green; Terraform puts its old picture back.
  await forward(world, world.productionRule, { [world.blue]: 1, [world.green]: 0 });
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([pauseAt("POST_SCALE_UP")]) });
  await world.until((deployment) => awaited(deployment) !== undefined, "paused");
  expect([(await world.targets(world.green)).length, (await world.targets(world.blue)).length]).toEqual([4, 0]);
});

test("somebody moves the rule in flight: the next shift overwrites it, and ECS never says a word", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([pauseAt("POST_TEST_TRAFFIC_SHIFT")]) });
  await world.until((deployment) => awaited(deployment) !== undefined, "paused");
  await forward(world, world.productionRule, { [world.blue]: 30, [world.green]: 70 });
  expect((await world.deployment()).targetServiceRevision?.requestedProductionTrafficWeight).toBe(0);
  await world.answer("CONTINUE");
  expect((await world.until(isOver, "deployed")).deployment.status).toBe("SUCCESSFUL");
  expect(await world.weights(world.productionRule)).toEqual({ blue: 100, green: 0 });
});

const alarms = { alarmNames: ["errors"], enable: true, rollback: true };

async function withAlarm(state: "OK" | "ALARM") {
  const world = await startNativeWorld();
  const { set, close } = await putErrorsAlarm(world.sandbox.url);
  onTestFinished(close);
  await world.created();
  await set(state);
  await world.deploy("1.1.0", { deploymentConfiguration: blueGreen([], { alarms, bakeTimeInMinutes: 5 }) });
  await world.until(({ lifecycleStage }) => lifecycleStage === "BAKE_TIME", "baking");
  return { world, set };
}

test("an alarm that goes off in the bake rolls back", async () => {
  const { world, set } = await withAlarm("OK");
  expect((await world.deployment()).alarms).toMatchObject({ status: "MONITORING", alarmNames: ["errors"] });
  await set("ALARM");
  const { deployment } = await world.until(isOver, "rolled back");
  expect(deployment).toMatchObject({
    status: "ROLLBACK_SUCCESSFUL",
    alarms: { status: "TRIGGERED", triggeredAlarmNames: ["errors"] },
  });
});

test("an alarm that is in ALARM at the start is ignored for the whole deployment", async () => {
  const { world } = await withAlarm("ALARM");
  expect((await world.deployment()).alarms?.status).toBe("DISABLED");
  expect((await world.until(isOver, "deployed")).deployment.status).toBe("SUCCESSFUL");
});

test("a desired count of 0 ends SUCCESSFUL with nothing running", async () => {
  const world = await startNativeWorld();
  await world.created();
  await world.deploy("1.1.0", { desiredCount: 0 });
  const { deployment } = await world.until(isOver, "deployed");
  expect(deployment).toMatchObject({ status: "SUCCESSFUL", targetServiceRevision: { runningTaskCount: 0 } });
});

test("green that never becomes healthy is given up after the longest time of a stage, where no circuit breaker is on", async () => {
  const world = await startNativeWorld({ ecs: { longestStageMs: 30_000 } });
  await world.created();
  await world.deploy("1.2.0-unhealthy");
  await world.until(({ lifecycleStage }) => lifecycleStage === "SCALE_UP", "scaling up");
  const { deployment } = await world.until(isOver, "over");
  expect(deployment).toMatchObject({
    status: "ROLLBACK_SUCCESSFUL",
    statusReason: expect.stringContaining("SCALE_UP"),
  });
});
