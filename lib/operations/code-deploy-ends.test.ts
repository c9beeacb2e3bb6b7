import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  CodeDeployClient,
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  GetDeploymentGroupCommand,
  StopDeploymentCommand,
  UpdateDeploymentGroupCommand,
} from "@aws-sdk/client-codedeploy";
import {
  DescribeTaskDefinitionCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import { stageRecord } from "../domain/deployment/deployment-stage.ts";
import { listWaits } from "../queries/list-waits.ts";
import { createCodeDeployWorld } from "../testing/code-deploy-world.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { deploy } from "./deploy.ts";

const NAMES = { applicationName: "members", deploymentGroupName: "members-group" };
const HOOK = "arn:aws:lambda:ap-northeast-2:000000000000:function:check-members";
const ALARM = {
  AlarmName: "members-errors",
  Namespace: "AWS/ApplicationELB",
  MetricName: "HTTPCode_Target_5XX_Count",
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1_000_000,
  ComparisonOperator: "GreaterThanThreshold",
  TreatMissingData: "ignore",
} as const;

let world: TestWorld;
let codedeploy: CodeDeployClient;
let ecs: ECSClient;
let cloudwatch: CloudWatchClient;

beforeAll(async () => {
  world = await createCodeDeployWorld();
  const { url: endpoint, place } = world.sandbox;
  const settings = { endpoint, region: place.region, credentials: ADMINISTRATOR };
  codedeploy = new CodeDeployClient(settings);
  ecs = new ECSClient(settings);
  cloudwatch = new CloudWatchClient(settings);
  await codedeploy.send(
    new UpdateDeploymentGroupCommand({
      applicationName: "members",
      currentDeploymentGroupName: "members-group",
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
      autoRollbackConfiguration: { enabled: false, events: [] },
      blueGreenDeploymentConfiguration: {
        deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 0 },
        terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 30 },
      },
    }),
  );
});

afterAll(async () => {
  for (const client of [codedeploy, ecs, cloudwatch]) client.destroy();
  await world.close();
});

const look = () => world.runtime.observer.refreshNow("members");

async function start(
  deploymentConfigName: string,
  Hooks: Record<string, string>[] = [],
  LoadBalancerInfo = { ContainerName: "members", ContainerPort: 8085 },
): Promise<Deployment> {
  const seen = await look();
  const live = seen.traffic.live === "green" ? "green" : "blue";
  const Properties = {
    TaskDefinition: seen.slots[live].revision?.taskDefinition,
    LoadBalancerInfo,
  };
  const content = JSON.stringify({
    version: 0.0,
    Resources: [{ TargetService: { Type: "AWS::ECS::Service", Properties } }],
    ...(Hooks.length > 0 ? { Hooks } : {}),
  });
  const { deploymentId } = await codedeploy.send(
    new CreateDeploymentCommand({
      ...NAMES,
      deploymentConfigName,
      revision: { revisionType: "AppSpecContent", appSpecContent: { content } },
    }),
  );
  return until(async () => {
    const { items } = await world.runtime.store.listDeployments("members", { limit: 3 });
    const inFlight = await world.runtime.store.findDeploymentInFlight("members");
    return [inFlight, ...items].find((each) => each?.aws?.id === deploymentId) ?? null;
  }, 30_000);
}

const stop = (deployment: Deployment) =>
  codedeploy.send(new StopDeploymentCommand({ deploymentId: deployment.aws?.id ?? "", autoRollbackEnabled: false }));

/** The function's next call answers Failed. */
async function failHook(): Promise<void> {
  const body = JSON.stringify({ hookTargetArn: HOOK, outcome: "FAILED", count: 1 });
  const answer = await fetch(`${world.sandbox.url}/_sandbox/hooks`, { method: "POST", body });
  if (!answer.ok) throw new Error(await answer.text());
}

async function ended(id: string): Promise<Deployment> {
  const done = await untilDeployment(world, id, (d) => !isInFlight(d), 60_000);
  expect(done.status).toBe("STOPPED");
  return done;
}

const whereTrafficIs = async () => {
  const { name, weights } = (await look()).traffic;
  return { name, weights };
};

test("stopped by somebody while it keeps the old side: the new side is live, and the record says so", async () => {
  const release = await start("CodeDeployDefault.ECSAllAtOnce");
  await untilDeployment(world, release.id, (d) => d.stage === "BAKE_TIME" && d.aws?.gate != null, 60_000);
  await stop(release);
  const done = await ended(release.id);
  const { name, weights } = await whereTrafficIs();
  expect(weights).toEqual({ blue: 0, green: 100 });
  expect(done.aws).toMatchObject({ left: "green" });
  expect(done.aws?.isFailed).toBeUndefined();
  expect(done.statusReason).toBe(
    `It was stopped in AWS. ${name} sends all traffic to green, and AWS rolls nothing back`,
  );
  // Nobody answered its wait, and nothing is rolled back.
  expect(done.aws?.ended).toMatchObject([{ how: "elsewhere", action: null }]);
  expect(stageRecord(done, "BAKE_TIME")).toMatchObject({ status: "FAILED", detail: done.statusReason });
  const { items } = await world.runtime.store.listAudit({ application: "members" }, { limit: 20 });
  expect(items.find(({ action }) => action === "deployment.stopped")?.after).toMatch(/^green/);
});

test("stopped in the middle of its shift: traffic is split, and nobody says that AWS tried to roll it back", async () => {
  const release = await start("CodeDeployDefault.ECSCanary10Percent5Minutes");
  await until(async () => (await look()).traffic.live === "split");
  await stop(release);
  const done = await ended(release.id);
  const { name } = await whereTrafficIs();
  expect(done.aws).toMatchObject({ left: "split" });
  expect(done.statusReason).toBe(`It was stopped in AWS. ${name} holds blue 10, green 90, and AWS rolls nothing back`);
  world.sandbox.elb.controls.setWeights("members-alb:80", { "members-blue-tg": 0, "members-green-tg": 100 });
});

test("failed after its shift: that is a failure with the hook's name, and the new side is live", async () => {
  await failHook();
  const done = await ended((await start("CodeDeployDefault.ECSAllAtOnce", [{ AfterAllowTraffic: HOOK }])).id);
  expect(done.aws).toMatchObject({ left: done.to, isFailed: true });
  expect(done.statusReason).toMatch(/check-members.* sends all traffic to blue, and AWS rolls nothing back$/s);
  expect(stageRecord(done, "POST_PRODUCTION_TRAFFIC_SHIFT")).toMatchObject({ status: "FAILED" });
});

test("failed before its shift: that is a failure, and nothing is said of traffic that never moved", async () => {
  await failHook();
  const done = await ended((await start("CodeDeployDefault.ECSAllAtOnce", [{ BeforeAllowTraffic: HOOK }])).id);
  expect(done.aws).toMatchObject({ isFailed: true });
  expect(done.aws?.left).toBeUndefined();
  expect(done.statusReason).toContain("check-members");
  expect(done.statusReason).not.toContain("traffic to");
});

test.each([
  [
    "container",
    { ContainerName: "web", ContainerPort: 8085 },
    "The container web does not exist in the task definition.",
  ],
  [
    "port",
    { ContainerName: "members", ContainerPort: 9 },
    "The container members did not have a container port 9 defined.",
  ],
])("an AppSpec of a pipeline's that names another %s ends as failed, with ECS's words", async (_what, names, words) => {
  const done = await ended((await start("CodeDeployDefault.ECSAllAtOnce", [], names)).id);
  expect(done.aws).toMatchObject({ isFailed: true, isForeign: true });
  expect(done.aws?.left).toBeUndefined();
  expect(done.statusReason).toMatch(/^ECS refused what CodeDeploy asked of the service: /);
  expect(done.statusReason).toContain(words);
});

test("a release of a task definition without the container behind the load balancer is refused before anything is asked", async () => {
  const seen = await look();
  const { live } = seen.traffic;
  const current = seen.slots[live === "green" ? "green" : "blue"].revision?.taskDefinition;
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: current }));
  const { family, networkMode, requiresCompatibilities, cpu, memory, executionRoleArn } = taskDefinition ?? {};
  const same = { family, networkMode, requiresCompatibilities, cpu, memory, executionRoleArn };
  const created = () =>
    world.sandbox.calls.journal().filter(({ operation }) => operation === "CreateDeployment").length;
  const before = created();
  for (const [change, words] of [
    [{ name: "web" }, "has no container members, which members runs; it has web"],
    [{ portMappings: [{ containerPort: 9 }] }, "has no container port 8085, which members-service registers with"],
  ] as const) {
    const containerDefinitions = (taskDefinition?.containerDefinitions ?? []).map((one) => ({ ...one, ...change }));
    const made = await ecs.send(
      new RegisterTaskDefinitionCommand({ ...same, containerDefinitions } as RegisterTaskDefinitionCommandInput),
    );
    const asked = { application: "members", taskDefinition: made.taskDefinition?.taskDefinitionArn };
    const refused = await deploy(world.as("operator"), asked);
    expect(refused).toMatchObject({ ok: false, message: expect.stringContaining(words) });
  }
  expect(created()).toBe(before);
});

test("a deployment group that was set to another listener since is not deployed by, until its names are looked up again", async () => {
  const { deploymentGroupInfo } = await codedeploy.send(new GetDeploymentGroupCommand(NAMES));
  const [pair] = deploymentGroupInfo?.loadBalancerInfo?.targetGroupPairInfoList ?? [];
  const { tag } = (await look()).slots.blue.revision ?? (await look()).slots.green.revision ?? {};
  // Somebody takes the test listener away.
  const targetGroupPairInfoList = [{ ...pair, testTrafficRoute: undefined }];
  await codedeploy.send(
    new UpdateDeploymentGroupCommand({
      applicationName: "members",
      currentDeploymentGroupName: "members-group",
      loadBalancerInfo: { targetGroupPairInfoList },
    }),
  );
  const created = () =>
    world.sandbox.calls.journal().filter(({ operation }) => operation === "RegisterTaskDefinition").length;
  const before = created();
  const misfit = await until(async () => (await look()).misfit);
  expect(misfit).toMatchObject({ code: "fit.otherGroup", params: { group: "members/members-group" } });
  const asked = { application: "members", imageTag: tag };
  expect(await deploy(world.as("operator"), asked)).toMatchObject({
    ...{ ok: false, code: "AWS_DISAGREES" },
    message: expect.stringMatching(/^CodeDeploy's deployment group members\/members-group deploys members-service/),
  });
  expect(created()).toBe(before);
  // The resolver doubts the names that it has, and finds that there is no test listener.
  await until(async () => (await look()).misfit === undefined);
});

test("the termination wait that somebody else ends early ends our window, which says so", async () => {
  const release = await start("CodeDeployDefault.ECSAllAtOnce");
  const held = await untilDeployment(world, release.id, (d) => d.stage === "BAKE_TIME" && d.aws?.gate != null, 60_000);
  await codedeploy.send(
    new ContinueDeploymentCommand({ deploymentId: held.aws?.id ?? "", deploymentWaitType: "TERMINATION_WAIT" }),
  );
  const done = await untilDeployment(world, release.id, (d) => !isInFlight(d), 60_000);
  expect(done).toMatchObject({ status: "SUCCESSFUL", aws: { gate: null, answered: [] } });
  expect(done.aws?.ended).toMatchObject([{ how: "elsewhere", action: "CONTINUE" }]);
  expect(stageRecord(done, "BAKE_TIME").detail).toMatch(/^Answered outside Switchyard.*: AWS went on$/);
  expect(await listWaits(world.as("operator"))).toMatchObject({ ok: true, value: { items: [] } });
});

test("an alarm of the group has CodeDeploy roll back, and the record names it", async () => {
  await cloudwatch.send(new PutMetricAlarmCommand(ALARM));
  await codedeploy.send(
    new UpdateDeploymentGroupCommand({
      applicationName: "members",
      currentDeploymentGroupName: "members-group",
      alarmConfiguration: { enabled: true, alarms: [{ name: ALARM.AlarmName }] },
      autoRollbackConfiguration: { enabled: true, events: ["DEPLOYMENT_STOP_ON_ALARM"] },
    }),
  );
  const release = await start("CodeDeployDefault.ECSAllAtOnce");
  await untilDeployment(world, release.id, (d) => d.stage === "BAKE_TIME", 60_000);
  const state = { AlarmName: ALARM.AlarmName, StateValue: "ALARM", StateReason: "tested" } as const;
  await cloudwatch.send(new SetAlarmStateCommand(state));
  const done = await untilDeployment(world, release.id, (d) => !isInFlight(d), 60_000);
  expect(done).toMatchObject({
    status: "ROLLBACK_SUCCESSFUL",
    statusReason: expect.stringContaining("members-errors"),
  });
  expect(done.aws?.left).toBeUndefined();
  expect((await look()).traffic.live).toBe(release.from);
}, 120_000);
