import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  ListTagsForResourceCommand,
  PutScalingPolicyCommand,
  PutScheduledActionCommand,
  RegisterScalableTargetCommand,
  type SuspendedState,
  TagResourceCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testClock } from "../clock.ts";
import { createSandbox, type Sandbox } from "../sandbox.ts";

const CLUSTER = "library-management-cluster";
const RESOURCE = `service/${CLUSTER}/library-green-service`;
const WHERE = { ServiceNamespace: "ecs", ResourceId: RESOURCE, ScalableDimension: "ecs:service:DesiredCount" } as const;
const MINUTE = 60_000;

const clock = testClock();
let sandbox: Sandbox;
let scaling: ApplicationAutoScalingClient;
let cloudwatch: CloudWatchClient;
let ecs: ECSClient;

beforeAll(async () => {
  sandbox = await createSandbox({ seed: "paired", clock, ecs: { virtual: true }, throttling: false });
  const client = {
    endpoint: sandbox.url,
    region: "ap-northeast-2",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  scaling = new ApplicationAutoScalingClient(client);
  cloudwatch = new CloudWatchClient(client);
  ecs = new ECSClient(client);
});
afterAll(async () => {
  for (const client of [scaling, cloudwatch, ecs]) client.destroy();
  await sandbox.close();
});
beforeEach(async () => {
  await sandbox.reset();
  clock.advance(2 * MINUTE);
});

const register = (more: { MinCapacity?: number; MaxCapacity?: number; SuspendedState?: SuspendedState } = {}) =>
  scaling.send(new RegisterScalableTargetCommand({ ...WHERE, MinCapacity: 1, MaxCapacity: 4, ...more }));
const track = (more: { DisableScaleIn?: boolean } = {}) =>
  scaling.send(
    new PutScalingPolicyCommand({
      ...WHERE,
      PolicyName: "cpu",
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: 50,
        ...more,
        PredefinedMetricSpecification: { PredefinedMetricType: "ECSServiceAverageCPUUtilization" },
      },
    }),
  );
const findTarget = async () =>
  (await scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" }))).ScalableTargets?.[0];
async function desired(): Promise<number | undefined> {
  const services = ["library-green-service"];
  return (await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services }))).services?.[0]?.desiredCount;
}

test("a service whose processor idles is scaled in to its minimum, and the activity says why", async () => {
  await register();
  const { Alarms = [] } = await track();
  expect(Alarms.map(({ AlarmName = "" }) => AlarmName.replace(/-[0-9a-f-]{36}$/, "")).sort()).toEqual([
    `TargetTracking-${RESOURCE}-AlarmHigh`,
    `TargetTracking-${RESOURCE}-AlarmLow`,
  ]);
  expect(await desired()).toBe(2);
  clock.advance(18 * MINUTE);
  expect(await desired()).toBe(1);
  const { ScalingActivities: [activity] = [] } = await scaling.send(
    new DescribeScalingActivitiesCommand({ ServiceNamespace: "ecs", ResourceId: RESOURCE }),
  );
  expect(activity).toMatchObject({
    Description: "Setting desired count to 1.",
    StatusCode: "Successful",
    Cause: expect.stringMatching(/^monitor alarm TargetTracking-.*-AlarmLow-.* in state ALARM triggered policy cpu$/),
  });
});

test("scaling in that is suspended waits, whatever the alarm says, and goes on when it is resumed", async () => {
  await register({ SuspendedState: { DynamicScalingInSuspended: true } });
  await track();
  clock.advance(30 * MINUTE);
  expect(await desired()).toBe(2);
  await scaling.send(
    new RegisterScalableTargetCommand({ ...WHERE, SuspendedState: { DynamicScalingInSuspended: false } }),
  );
  expect(await findTarget()).toMatchObject({ MinCapacity: 1, MaxCapacity: 4 });
  clock.advance(MINUTE);
  expect(await desired()).toBe(1);
});

test("an alarm that goes off scales out, once in its cooldown, and without one to scale in nothing is", async () => {
  await register();
  await track({ DisableScaleIn: true });
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({}));
  const AlarmName = MetricAlarms.find((alarm) => alarm.AlarmName?.includes("AlarmHigh"))?.AlarmName ?? "";
  const goOff = () =>
    cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason: "test" }));
  // New alarms are judged within a second, and then by the minute.
  clock.advance(2_000);
  await goOff();
  clock.advance(15_000);
  expect(await desired()).toBe(3);
  await goOff();
  clock.advance(15_000);
  expect(await desired()).toBe(3);
  clock.advance(MINUTE - 32_000);
});

test("while ECS deploys a service it is not scaled in", async () => {
  await register();
  await scaling.send(
    new PutScalingPolicyCommand({
      ...WHERE,
      PolicyName: "in",
      PolicyType: "StepScaling",
      StepScalingPolicyConfiguration: {
        AdjustmentType: "ChangeInCapacity",
        StepAdjustments: [{ MetricIntervalUpperBound: 0, ScalingAdjustment: -1 }],
      },
    }),
  );
  const { ScalingPolicies: [policy] = [] } = await scaling.send(
    new DescribeScalingPoliciesCommand({ ServiceNamespace: "ecs" }),
  );
  await sandbox.cloudwatch.operations.PutMetricAlarm?.(
    {
      AlarmName: "quiet",
      AlarmActions: [policy?.PolicyARN],
      Namespace: "N",
      MetricName: "M",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "LessThanThreshold",
      TreatMissingData: "breaching",
    },
    { requestId: "test", signal: new AbortController().signal },
  );
  await ecs.send(
    new UpdateServiceCommand({ cluster: CLUSTER, service: "library-green-service", forceNewDeployment: true }),
  );
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName: "quiet", StateValue: "ALARM", StateReason: "test" }));
  const { services: [service] = [] } = await ecs.send(
    new DescribeServicesCommand({ cluster: CLUSTER, services: ["library-green-service"] }),
  );
  expect(service?.deployments?.[0]?.rolloutState).toBe("IN_PROGRESS");
  expect(service?.desiredCount).toBe(2);
  clock.advance(10 * MINUTE);
  expect(await desired()).toBe(1);
});

test("a scheduled action sets bounds and the count that they ask for, in its own time zone", async () => {
  await register();
  // Seoul is nine hours ahead all year.
  const soon = new Date(clock.now() + 9 * 60 * MINUTE + 3 * MINUTE);
  const Schedule = `cron(${soon.getUTCMinutes()} ${soon.getUTCHours()} * * ? *)`;
  await scaling.send(
    new PutScheduledActionCommand({
      ...WHERE,
      ScheduledActionName: "evening",
      Schedule,
      Timezone: "Asia/Seoul",
      ScalableTargetAction: { MinCapacity: 0, MaxCapacity: 0 },
    }),
  );
  clock.advance(2 * MINUTE);
  expect(await desired()).toBe(2);
  clock.advance(2 * MINUTE);
  expect(await desired()).toBe(0);
  expect(await findTarget()).toMatchObject({ MinCapacity: 0, MaxCapacity: 0 });
  const { ScheduledActions = [] } = await scaling.send(
    new DescribeScheduledActionsCommand({ ServiceNamespace: "ecs" }),
  );
  expect(ScheduledActions[0]).toMatchObject({ Schedule, Timezone: "Asia/Seoul" });
});

test("tags are those of the scalable target", async () => {
  const { ScalableTargetARN: ResourceARN = "" } = await register();
  await scaling.send(new TagResourceCommand({ ResourceARN, Tags: { team: "library" } }));
  expect((await scaling.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual({ team: "library" });
  await expect(
    scaling.send(new ListTagsForResourceCommand({ ResourceARN: ResourceARN.replace(/.$/, "z") })),
  ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test.each([
  [
    "a service that there is not",
    { ResourceId: `service/${CLUSTER}/nobody` },
    `ECS service doesn't exist: service/${CLUSTER}/nobody`,
  ],
  [
    "no service's id",
    { ResourceId: "library-green-service" },
    "Unsupported service namespace, resource type or scalable dimension",
  ],
  [
    "another dimension",
    { ScalableDimension: "ec2:spot-fleet-request:TargetCapacity" },
    "Unsupported service namespace, resource type or scalable dimension",
  ],
  [
    "bounds the wrong way round",
    { MinCapacity: 5, MaxCapacity: 4 },
    "Maximum capacity cannot be less than minimum capacity",
  ],
  [
    "no maximum at first",
    { MaxCapacity: undefined },
    "Both minimum and maximum capacity must be specified when a scalable target is registered",
  ],
])("a scalable target with %s is refused", async (_, wrong, message) => {
  const input = { ...WHERE, MinCapacity: 1, MaxCapacity: 4, ...wrong } as RegisterScalableTargetCommand["input"];
  await expect(scaling.send(new RegisterScalableTargetCommand(input))).rejects.toMatchObject({
    name: "ValidationException",
    message,
  });
});

test("what is not registered has no policies and cannot be deregistered", async () => {
  await expect(track()).rejects.toMatchObject({
    name: "ObjectNotFoundException",
    message: `No scalable target registered for service namespace: ecs, resource ID: ${RESOURCE}, scalable dimension: ecs:service:DesiredCount`,
  });
  await expect(scaling.send(new DeregisterScalableTargetCommand(WHERE))).rejects.toMatchObject({
    name: "ObjectNotFoundException",
  });
});

test("with its scalable target a policy's own alarms go", async () => {
  await register();
  await track();
  await scaling.send(new DeregisterScalableTargetCommand(WHERE));
  expect((await cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
  expect(await findTarget()).toBeUndefined();
});
