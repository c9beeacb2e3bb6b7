import * as CodeDeploy from "@aws-sdk/client-codedeploy";
import * as Ecs from "@aws-sdk/client-ecs";
import * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import * as Sqs from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test } from "vitest";
import { putErrorsAlarm } from "../cloudwatch/cloudwatch-fixture.ts";
import { type CodedeployWorld, isOver, startCodedeployWorld } from "./codedeploy-fixture.ts";

const ready = (waitTimeInMinutes: number): CodeDeploy.BlueGreenDeploymentConfiguration => ({
  deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes },
  terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 60 },
});

const goOn = (world: CodedeployWorld, deploymentId: string, deploymentWaitType: CodeDeploy.DeploymentWaitType) =>
  world.codedeploy.send(new CodeDeploy.ContinueDeploymentCommand({ deploymentId, deploymentWaitType }));

const isInTermination = (one: CodeDeploy.DeploymentInfo) => one.instanceTerminationWaitTimeStarted === true;

test("a deployment: second task set, all traffic at once, the wait, and the first task set's end", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup();
  const id = await world.deploy("1.1.0", { description: "kim: fixes the search" });
  expect(id).toMatch(/^d-[A-Z0-9]{9}$/);
  await expect(world.target(id)).rejects.toMatchObject({ name: "DeploymentNotStartedException" });
  const waiting = await world.until(id, isInTermination, "waiting for the end of blue");
  expect(waiting).toMatchObject({ status: "InProgress", creator: "user", description: "kim: fixes the search" });
  const target = await world.target(id);
  expect(target.lifecycleEvents?.map(({ lifecycleEventName, status }) => [lifecycleEventName, status])).toEqual(
    [
      "BeforeInstall",
      "Install",
      "AfterInstall",
      "AllowTestTraffic",
      "AfterAllowTestTraffic",
      "BeforeAllowTraffic",
      "AllowTraffic",
      "AfterAllowTraffic",
    ].map((name) => [name, "Succeeded"]),
  );
  expect(target.taskSetsInfo).toMatchObject([
    { taskSetLabel: "Blue", status: "ACTIVE", trafficWeight: 0, runningCount: 2, targetGroup: { name: "web-blue" } },
    {
      taskSetLabel: "Green",
      status: "PRIMARY",
      trafficWeight: 100,
      runningCount: 2,
      identifer: expect.stringMatching(/^ecs-svc\/\d+$/),
    },
  ]);
  const service = await world.service();
  expect(service.deployments).toEqual([]);
  expect(service.taskSets?.find(({ status }) => status === "PRIMARY")?.externalId).toBe(id);
  // The idle group stays in the rule.
  expect(await world.weights(world.production)).toEqual([{ green: 100, blue: 0 }]);
  const done = await world.until(id, isOver, "done");
  expect(done).toMatchObject({ status: "Succeeded", completeTime: expect.any(Date) });
  expect((await world.service()).taskSets).toHaveLength(1);
});

test("a canary shifts its share, waits its interval, then the rest; TERMINATION_WAIT ends blue early", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup({ deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes" });
  const id = await world.deploy("1.1.0");
  await world.until(id, (_one, { taskSetsInfo }) => taskSetsInfo?.[1]?.trafficWeight === 10, "a tenth");
  expect(await world.weights(world.production)).toEqual([{ green: 10, blue: 90 }]);
  await world.pass(280);
  expect((await world.target(id)).taskSetsInfo?.[1]?.trafficWeight).toBe(10);
  await expect(goOn(world, id, "TERMINATION_WAIT")).rejects.toMatchObject({
    name: "DeploymentIsNotInReadyStateException",
  });
  await world.until(id, isInTermination, "waiting for the end of blue");
  await goOn(world, id, "TERMINATION_WAIT");
  const before = world.clock.now();
  expect((await world.until(id, isOver, "done")).status).toBe("Succeeded");
  expect(world.clock.now() - before).toBeLessThan(60_000);
  await expect(goOn(world, id, "TERMINATION_WAIT")).rejects.toMatchObject({
    name: "DeploymentAlreadyCompletedException",
  });
});

test("EventBridge hears of a deployment's start, of its wait for people and of its end, with its group", async () => {
  const world = await startCodedeployWorld();
  const { sqs, place, url: endpoint } = world.sandbox;
  sqs.addQueue("library-events");
  await world.createGroup({ blueGreenDeploymentConfiguration: ready(5) });
  const id = await world.deploy("1.1.0");
  await world.until(id, ({ status }) => status === "Ready", "ready");
  await world.codedeploy.send(new CodeDeploy.StopDeploymentCommand({ deploymentId: id }));
  await world.until(id, isOver, "stopped");
  const client = new Sqs.SQSClient({
    endpoint,
    region: place.region,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  onTestFinished(() => client.destroy());
  const QueueUrl = `${endpoint}/${place.accountId}/library-events`;
  const told: { source: string; "detail-type": string; detail: Record<string, string> }[] = [];
  for (;;) {
    const { Messages = [] } = await client.send(new Sqs.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) break;
    told.push(...Messages.map(({ Body }) => JSON.parse(Body ?? "")));
  }
  const ofGroup = told.filter(({ source }) => source === "aws.codedeploy");
  expect(ofGroup.map(({ detail }) => detail.state)).toEqual(["START", "READY", "STOP"]);
  expect(ofGroup[0]).toMatchObject({
    "detail-type": "CodeDeploy Deployment State-change Notification",
    detail: { deploymentId: id, application: expect.any(String), deploymentGroup: expect.any(String) },
  });
});

test("a custom linear configuration shifts step by step", async () => {
  const world = await startCodedeployWorld();
  await world.codedeploy.send(
    new CodeDeploy.CreateDeploymentConfigCommand({
      deploymentConfigName: "thirds",
      computePlatform: "ECS",
      trafficRoutingConfig: { type: "TimeBasedLinear", timeBasedLinear: { linearPercentage: 33, linearInterval: 1 } },
    }),
  );
  await world.createGroup();
  const id = await world.deploy("1.1.0", { deploymentConfigName: "thirds" });
  const shares: number[] = [];
  await world.until(
    id,
    (one, { taskSetsInfo }) => {
      const share = taskSetsInfo?.[1]?.trafficWeight;
      if (share !== undefined && shares.at(-1) !== share) shares.push(share);
      return isInTermination(one);
    },
    "shifted",
  );
  expect(shares).toEqual([0, 33, 66, 99, 100]);
});

test("READY_WAIT holds the traffic until it is continued", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup({ blueGreenDeploymentConfiguration: ready(30) });
  const id = await world.deploy("1.1.0");
  await world.until(id, ({ status }) => status === "Ready", "ready");
  expect(await world.weights(world.production)).toEqual([{ blue: 1 }]);
  expect(
    (await world.target(id)).lifecycleEvents?.find((one) => one.lifecycleEventName === "BeforeAllowTraffic")?.status,
  ).toBe("Pending");
  await goOn(world, id, "READY_WAIT");
  await world.until(id, isInTermination, "shifted");
  await expect(goOn(world, id, "READY_WAIT")).rejects.toMatchObject({ name: "DeploymentIsNotInReadyStateException" });
});

test("READY_WAIT that nobody answers stops the deployment", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup({ blueGreenDeploymentConfiguration: ready(2) });
  const id = await world.deploy("1.1.0");
  const done = await world.until(id, isOver, "stopped");
  expect([done.status, done.rollbackInfo]).toEqual(["Stopped", undefined]);
  expect(await world.weights(world.production)).toEqual([{ blue: 1 }]);
});

test("stopping with a rollback makes a new deployment that reroutes to blue", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup();
  const id = await world.deploy("1.1.0");
  await world.until(id, isInTermination, "shifted");
  const answer = await world.codedeploy.send(
    new CodeDeploy.StopDeploymentCommand({ deploymentId: id, autoRollbackEnabled: true }),
  );
  expect(answer.status).toBe("Succeeded");
  const stopped = await world.deployment(id);
  expect(stopped).toMatchObject({ status: "Stopped", errorInformation: { code: "MANUAL_STOP" } });
  const rollbackId = stopped.rollbackInfo?.rollbackDeploymentId ?? "";
  expect(rollbackId).not.toBe(id);
  const done = await world.until(rollbackId, isOver, "rolled back");
  expect(done).toMatchObject({
    status: "Succeeded",
    creator: "codeDeployRollback",
    rollbackInfo: { rollbackTriggeringDeploymentId: id },
  });
  expect(await world.weights(world.production)).toEqual([{ blue: 100, green: 0 }]);
  const { taskSets = [] } = await world.service();
  expect(taskSets).toMatchObject([{ status: "PRIMARY", runningCount: 2 }]);
  expect(taskSets[0]?.loadBalancers?.[0]?.targetGroupArn).toBe(world.blue);
});

test("stopping without a rollback leaves traffic and both task sets where they are, and the next deployment fails for it", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup({ deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent15Minutes" });
  const id = await world.deploy("1.1.0");
  await world.until(id, (_one, { taskSetsInfo }) => taskSetsInfo?.[1]?.trafficWeight === 10, "a tenth");
  await world.codedeploy.send(new CodeDeploy.StopDeploymentCommand({ deploymentId: id }));
  const stopped = await world.deployment(id);
  expect([stopped.status, stopped.rollbackInfo]).toEqual(["Stopped", undefined]);
  expect(await world.weights(world.production)).toEqual([{ green: 10, blue: 90 }]);
  expect((await world.service()).taskSets).toHaveLength(2);
  // Both groups carry weight, so that the listener is not where the primary task set is.
  const next = await world.until(await world.deploy("1.1.0"), isOver, "refused");
  expect(next.errorInformation?.message).toContain("Primary taskset target group must be behind listener");
});

test("one at a time: the second is refused with the first one's id", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup();
  const id = await world.deploy("1.1.0");
  await expect(world.deploy("1.1.0")).rejects.toMatchObject({
    name: "DeploymentLimitExceededException",
    message: `The Deployment Group 'members-group' already has an active Deployment '${id}'`,
  });
  const { deployments } = await world.codedeploy.send(
    new CodeDeploy.ListDeploymentsCommand({
      applicationName: "members",
      deploymentGroupName: "members-group",
      includeOnlyStatuses: ["Created", "Queued", "InProgress", "Ready", "Baking"],
    }),
  );
  expect(deployments).toEqual([id]);
});

test("every rule of the listener that forwards to the pair is rewritten, and no other", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup();
  const rule = (Priority: number, Actions: Elb.Action[]) =>
    world.elb.send(
      new Elb.CreateRuleCommand({
        ListenerArn: world.production,
        Priority,
        Conditions: [{ Field: "path-pattern", Values: [`/${Priority}`] }],
        Actions,
      }),
    );
  await rule(1, [{ Type: "forward", TargetGroupArn: world.blue }]);
  await rule(2, [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "410" } }]);
  const id = await world.deploy("1.1.0");
  await world.until(id, isInTermination, "shifted");
  expect(await world.weights(world.production)).toEqual([
    { green: 100, blue: 0 },
    { green: 100, blue: 0 },
  ]);
});

test("a listener that was moved by somebody else fails the deployment, in AWS's words", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup();
  await world.elb.send(
    new Elb.ModifyListenerCommand({
      ListenerArn: world.production,
      DefaultActions: [{ Type: "forward", TargetGroupArn: world.green }],
    }),
  );
  const done = await world.until(await world.deploy("1.1.0"), isOver, "failed");
  expect(done).toMatchObject({
    status: "Failed",
    errorInformation: {
      code: "ELASTIC_LOAD_BALANCING_INVALID",
      message: `The ELB could not be updated due to the following error: Primary taskset target group must be behind listener ${world.production}`,
    },
  });
  expect((await world.service()).taskSets).toHaveLength(1);
});

test("Install hangs for an hour when tasks never get healthy, then fails and rolls back where it is configured", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup({ autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_FAILURE"] } });
  const id = await world.deploy("1.2.0-unhealthy");
  await world.pass(600);
  expect((await world.target(id)).lifecycleEvents?.[1]).toMatchObject({
    lifecycleEventName: "Install",
    status: "InProgress",
  });
  await world.pass(3000);
  const failed = await world.until(id, isOver, "failed");
  expect(failed).toMatchObject({ status: "Failed", errorInformation: { code: "TIMEOUT" } });
  expect((await world.target(id)).lifecycleEvents?.map(({ status }) => status)).toContain("Failed");
  const back = await world.until(failed.rollbackInfo?.rollbackDeploymentId ?? "", isOver, "rolled back");
  expect(back.status).toBe("Succeeded");
  expect((await world.service()).taskSets).toHaveLength(1);
});

test("an alarm stops the deployment, and rolls back where that is configured", async () => {
  const world = await startCodedeployWorld();
  const alarm = await putErrorsAlarm(world.sandbox.url);
  onTestFinished(alarm.close);
  await world.createGroup({
    alarmConfiguration: { enabled: true, alarms: [{ name: "errors" }] },
    autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_STOP_ON_ALARM"] },
  });
  const id = await world.deploy("1.1.0");
  await world.until(id, isInTermination, "shifted");
  await alarm.set("ALARM");
  const stopped = await world.until(id, isOver, "stopped");
  expect(stopped).toMatchObject({ status: "Stopped", errorInformation: { code: "ALARM_ACTIVE" } });
  await world.until(stopped.rollbackInfo?.rollbackDeploymentId ?? "", isOver, "rolled back");
  expect(await world.weights(world.production)).toEqual([{ blue: 100, green: 0 }]);
});

test("functions of hooks answer by a call of their own; one that fails fails the deployment", async () => {
  const world = await startCodedeployWorld();
  await world.createGroup();
  const hooks = `${world.sandbox.url}/_sandbox/hooks`;
  await fetch(hooks, { method: "POST", body: JSON.stringify({ hookTargetArn: "check", outcome: "IN_PROGRESS" }) });
  const id = await world.deploy("1.1.0", {}, [{ AfterInstall: "check" }]);
  await world.until(
    id,
    (_one, { lifecycleEvents }) => lifecycleEvents?.[2]?.status === "InProgress",
    "the function was called",
  );
  await world.pass(60);
  const [call] = (await (await fetch(hooks)).json()) as { payload: { LifecycleEventHookExecutionId: string } }[];
  await world.codedeploy.send(
    new CodeDeploy.PutLifecycleEventHookExecutionStatusCommand({
      deploymentId: id,
      lifecycleEventHookExecutionId: call?.payload.LifecycleEventHookExecutionId,
      status: "Failed",
    }),
  );
  expect(await world.until(id, isOver, "failed")).toMatchObject({
    status: "Failed",
    errorInformation: { code: "HOOK_EXECUTION_FAILURE" },
  });
});

test("ECS takes of such a service a new desired count, and refuses a new revision in AWS's words", async () => {
  const world = await startCodedeployWorld();
  const update = (more: Partial<Ecs.UpdateServiceRequest>) =>
    world.ecs.send(new Ecs.UpdateServiceCommand({ cluster: "main", service: "web", ...more }));
  await update({ desiredCount: 3 });
  await world.pass(10);
  expect((await world.service()).taskSets).toMatchObject([{ computedDesiredCount: 3, runningCount: 3 }]);
  await expect(update({ taskDefinition: await world.register("1.1.0") })).rejects.toMatchObject({
    name: "InvalidParameterException",
    message:
      "Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.",
  });
  await expect(
    world.ecs.send(new Ecs.CreateTaskSetCommand({ cluster: "main", service: "web", taskDefinition: "web" })),
  ).rejects.toThrow(/external deployment controllers/);
});
