import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  type DeploymentConfiguration,
  type DeploymentLifecycleHook,
  ECSClient,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Deployment, isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import { stageRecord } from "../domain/deployment/deployment-stage.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { createNativeWorld } from "../testing/native-world.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { deploy } from "./deploy.ts";
import { switchTraffic } from "./switch-traffic.ts";

const SERVICE = { cluster: "library-management-cluster", service: "orders-service" };
const ALARM = {
  AlarmName: "orders-errors",
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
let ecs: ECSClient;
let cloudwatch: CloudWatchClient;

beforeAll(async () => {
  world = await createNativeWorld("orders", { speed: 10, virtual: true });
  const { url: endpoint, place } = world.sandbox;
  const settings = { endpoint, region: place.region, credentials: ADMINISTRATOR };
  ecs = new ECSClient(settings);
  cloudwatch = new CloudWatchClient(settings);
});

afterAll(async () => {
  ecs.destroy();
  cloudwatch.destroy();
  await world.close();
});

const look = () => world.runtime.observer.refreshNow("orders");
const ended = (id: string) => untilDeployment(world, id, (d) => !isInFlight(d), 60_000);

/** How ECS deploys from now on. */
const configure = (deploymentConfiguration: DeploymentConfiguration) =>
  ecs.send(new UpdateServiceCommand({ ...SERVICE, deploymentConfiguration }));

const pause = (
  stage: NonNullable<DeploymentLifecycleHook["lifecycleStages"]>[number],
  action: "ROLLBACK" | "CONTINUE" = "ROLLBACK",
  timeoutInMinutes = 60,
): DeploymentLifecycleHook => ({
  targetType: "PAUSE",
  lifecycleStages: [stage],
  timeoutConfiguration: { timeoutInMinutes, action },
});

const asked = (imageTag: string) =>
  onFreshLook(() => deploy(world.as("operator"), { application: "orders", imageTag, reason: "new search" }));

async function release(imageTag: string): Promise<Deployment> {
  const deployed = await asked(imageTag);
  if (!deployed.ok) throw new Error(deployed.message);
  return deployed.value;
}

async function receiptFor(to: "blue" | "green") {
  return until(async () => {
    const answer = await getReceipt(world.as("operator"), "orders", to);
    return answer.ok && answer.value.blockers.length === 0 ? answer.value : null;
  });
}

const answer = async (to: "blue" | "green", receipt: string) =>
  onFreshLook(() => switchTraffic(world.as("operator"), { application: "orders", to, receipt }));

/** How many gates ECS has taken an answer to. */
const continued = () =>
  world.sandbox.calls
    .journal()
    .filter(({ operation, error }) => operation === "ContinueServiceDeployment" && error === null).length;

test("a service that rolls since it is watched is not deployed to, and is again once ECS shifts its traffic", async () => {
  await configure({ strategy: "ROLLING", lifecycleHooks: [] });
  await until(async () => (await look()).misfit);
  const started = () => world.sandbox.calls.journal().filter(({ operation }) => operation === "RegisterTaskDefinition");
  expect(await asked("3.1.0")).toMatchObject({
    ok: false,
    code: "AWS_DISAGREES",
    message: expect.stringMatching(/^orders-service has the deployment controller ECS and the strategy ROLLING/),
  });
  expect(started()).toEqual([]);
  await configure({
    strategy: "BLUE_GREEN",
    bakeTimeInMinutes: 1,
    lifecycleHooks: [pause("POST_TEST_TRAFFIC_SHIFT", "CONTINUE", 2)],
  });
  await until(async () => (await look()).misfit === undefined);
});

test("a gate that nobody answers goes on by itself where the hook says so, and the record says that", async () => {
  const { id, to } = await release("3.1.0");
  const waiting = await untilDeployment(world, id, isAwaitingSwitch, 60_000);
  expect(waiting.aws?.gate).toMatchObject({ onExpiry: "CONTINUE" });
  const done = await ended(id);
  expect(done.status).toBe("SUCCESSFUL");
  expect(done.aws).toMatchObject({ answered: [], ended: [{ how: "expired", action: "CONTINUE" }] });
  expect(stageRecord(done, "POST_TEST_TRAFFIC_SHIFT").detail).toBe("Nobody answered in time: AWS went on");
  expect((await look()).traffic.live).toBe(to);
}, 120_000);

test("each step of a linear shift is answered by its own id, and an old one answers nothing", async () => {
  await configure({
    strategy: "LINEAR",
    bakeTimeInMinutes: 0,
    linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 0 },
    lifecycleHooks: [pause("PRE_PRODUCTION_TRAFFIC_SHIFT")],
  });
  const { id, to } = await release("3.0.0");
  const gates: string[] = [];
  let old = "";
  for (const share of [0, 50]) {
    const waiting = await untilDeployment(
      world,
      id,
      (d) => isAwaitingSwitch(d) && d.aws?.gate != null && !gates.includes(d.aws.gate.id),
      60_000,
    );
    gates.push(waiting.aws?.gate?.id ?? "");
    expect((await look()).traffic.weights[to]).toBe(share);
    const { hash, gate } = await receiptFor(to);
    expect(gate?.id).toBe(gates.at(-1));
    // The click on the receipt of the step before.
    if (old) expect(await answer(to, old)).toMatchObject({ ok: false, code: "RECEIPT_OUTDATED" });
    expect(await answer(to, hash)).toMatchObject({ ok: true });
    old = hash;
  }
  const done = await ended(id);
  expect(done.status).toBe("SUCCESSFUL");
  expect(new Set(gates).size).toBe(2);
  expect(done.aws?.answered.map(({ gate }) => gate)).toEqual(gates);
}, 120_000);

test("an UpdateService of somebody else between the receipt and the click: nothing of theirs is answered", async () => {
  await configure({
    strategy: "BLUE_GREEN",
    bakeTimeInMinutes: 0,
    lifecycleHooks: [pause("POST_TEST_TRAFFIC_SHIFT")],
  });
  const { id, to } = await release("3.1.0");
  await untilDeployment(world, id, isAwaitingSwitch, 60_000);
  const { hash } = await receiptFor(to);
  const before = continued();
  const theirs = (await look()).slots[to === "green" ? "blue" : "green"].revision?.taskDefinition;
  await ecs.send(new UpdateServiceCommand({ ...SERVICE, taskDefinition: theirs, forceNewDeployment: true }));
  // Whatever refuses it, or stops what it began: ECS is told nothing.
  await answer(to, hash);
  const mine = await ended(id);
  expect(mine).toMatchObject({ status: "STOPPED", aws: { isSuperseded: true, answered: [] } });
  const next = await until(() => world.runtime.store.findDeploymentInFlight("orders"), 30_000);
  const waiting = await untilDeployment(world, next.id, isAwaitingSwitch, 60_000);
  expect(waiting.aws).toMatchObject({ isForeign: true, answered: [], answer: null });
  expect(continued()).toBe(before);
  await abortDeployment(world.as("operator"), { deploymentId: next.id });
  await ended(next.id);
}, 120_000);

test("an alarm in the bake has ECS roll back, and the record names it", async () => {
  await cloudwatch.send(new PutMetricAlarmCommand(ALARM));
  await configure({
    strategy: "BLUE_GREEN",
    bakeTimeInMinutes: 5,
    lifecycleHooks: [],
    alarms: { alarmNames: [ALARM.AlarmName], enable: true, rollback: true },
  });
  const { id, from } = await release("3.0.0");
  await untilDeployment(world, id, (d) => d.stage === "BAKE_TIME", 60_000);
  const state = { AlarmName: ALARM.AlarmName, StateValue: "ALARM", StateReason: "tested" } as const;
  await cloudwatch.send(new SetAlarmStateCommand(state));
  const done = await ended(id);
  expect(done).toMatchObject({ status: "ROLLBACK_SUCCESSFUL", statusReason: expect.stringContaining("orders-errors") });
  expect((await look()).traffic.live).toBe(from);
}, 120_000);
