import { ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import { AttachRolePolicyCommand, DetachRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import { getDeployPlan } from "../queries/get-deploy-plan.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { createNativeWorld } from "../testing/native-world.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { deploy } from "./deploy.ts";
import { retireSide } from "./retire-side.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

let world: TestWorld;
let ecs: ECSClient;

beforeAll(async () => {
  world = await createNativeWorld("orders");
  const { url: endpoint, place } = world.sandbox;
  ecs = new ECSClient({ endpoint, region: place.region, credentials: ADMINISTRATOR });
});

afterAll(() => world.close());

async function release(imageTag: string) {
  const deployed = await onFreshLook(() =>
    deploy(world.as("operator"), { application: "orders", imageTag, reason: "new search" }),
  );
  if (!deployed.ok) throw new Error(deployed.message);
  return untilDeployment(world, deployed.value.id, isAwaitingSwitch, 60_000);
}

async function switchTo(to: "blue" | "green") {
  const operator = world.as("operator");
  const receipt = await until(async () => {
    const answer = await getReceipt(operator, "orders", to);
    return answer.ok && answer.value.blockers.length === 0 ? answer.value : null;
  });
  const switched = await onFreshLook(() =>
    switchTraffic(operator, { application: "orders", to, receipt: receipt.hash }),
  );
  if (!switched.ok) throw new Error(switched.message);
  return { receipt, deployment: switched.value };
}

test("a release is refused before ECS is asked where its infrastructure role may move no traffic, and not where nobody may look", async () => {
  const { url: endpoint, place, faults, calls } = world.sandbox;
  const iam = new IAMClient({ endpoint, region: place.region, credentials: ADMINISTRATOR });
  const attached = {
    RoleName: "ecs-infrastructure",
    PolicyArn: "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers",
  };
  const asked = { application: "orders", imageTag: "3.1.0" };
  await iam.send(new DetachRolePolicyCommand(attached));
  const refused = await onFreshLook(() => deploy(world.as("operator"), asked));
  expect(refused).toMatchObject({
    code: "AWS_DISAGREES",
    message: expect.stringMatching(/^ECS could start tasks, but move no traffic: .*ecs-infrastructure may not elastic/),
  });
  expect(calls.journal().filter(({ operation }) => /^(UpdateService|RegisterTask)/.test(operation))).toEqual([]);
  await iam.send(new AttachRolePolicyCommand(attached));

  const fault = { service: "iam", operation: "GetRole", rate: 1, ms: 0, remaining: null, phase: "before" } as const;
  faults.add({ ...fault, kind: "error" });
  const plan = () => getDeployPlan(world.as("operator"), "orders", { imageTag: "3.1.0" });
  const saying = (words: RegExp) => ({ value: { blockers: [], notices: [expect.stringMatching(words)] } });
  expect(await plan()).toMatchObject(saying(/^Nobody could check ECS's infrastructure role arn:aws:iam/));
  faults.clear();
  // As from a private network without a way to IAM.
  faults.add({ ...fault, kind: "timeout", ms: 20_000 });
  expect(await plan()).toMatchObject(saying(/AWS did not answer within 3 s$/));
  faults.clear();
  iam.destroy();
});

test("a release waits at ECS's own gate, is answered with a receipt, held open, closed, and no rule is ever written by Switchyard", async () => {
  const traffic = world.traffic(20);
  const waiting = await release("3.1.0");
  expect(waiting).toMatchObject({ stage: "POST_TEST_TRAFFIC_SHIFT", to: "green", revision: { tag: "3.1.0" } });
  expect(waiting.aws?.gate).toMatchObject({ id: expect.stringMatching(/^ecs-pause-/), onExpiry: "ROLLBACK" });

  const { receipt } = await switchTo("green");
  expect(receipt.gate).toMatchObject({ deployment: waiting.aws?.id, id: waiting.aws?.gate?.id });
  const held = await untilDeployment(
    world,
    waiting.id,
    (d) => d.stage === "POST_PRODUCTION_TRAFFIC_SHIFT" && d.aws?.gate != null,
    60_000,
  );
  expect((await world.runtime.observer.refreshNow("orders")).traffic.weights).toEqual({ blue: 0, green: 100 });

  const closed = await retireSide(world.as("operator"), { deploymentId: held.id });
  expect(closed.ok).toBe(true);
  const ended = await untilDeployment(world, waiting.id, (d) => !isInFlight(d), 90_000);
  expect(ended.status).toBe("SUCCESSFUL");
  expect(ended.aws?.answered.map(({ action }) => action)).toEqual(["CONTINUE", "CONTINUE"]);
  expect(Object.keys(await traffic.stop())).toEqual(["200"]);
  // ECS's own writes come from inside it: not one call of ELB's went over the wire.
  expect(world.shifts()).toBe(0);
}, 240_000);

test("while it is held open, rollback brings the old revision back within the same deployment", async () => {
  const waiting = await release("3.0.0");
  expect(waiting.to).toBe("blue");
  await switchTo("blue");
  await untilDeployment(
    world,
    waiting.id,
    (d) => d.stage === "POST_PRODUCTION_TRAFFIC_SHIFT" && d.aws?.gate != null,
    60_000,
  );
  const back = await onFreshLook(() => rollBack(world.as("operator"), { application: "orders", reason: "slow" }));
  if (!back.ok) throw new Error(back.message);
  expect(back.value.id).toBe(waiting.id);
  const ended = await untilDeployment(world, waiting.id, (d) => !isInFlight(d), 60_000);
  expect(ended.status).toBe("ROLLBACK_SUCCESSFUL");
  expect((await world.runtime.observer.refreshNow("orders")).traffic.weights).toEqual({ blue: 0, green: 100 });
}, 240_000);

test("what somebody else starts in AWS is followed, told as that, and rolled back from here", async () => {
  const seen = await world.runtime.observer.refreshNow("orders");
  const taskDefinition = seen.slots.green.revision?.taskDefinition;
  await ecs.send(
    new UpdateServiceCommand({
      cluster: "library-management-cluster",
      service: "orders-service",
      taskDefinition,
      forceNewDeployment: true,
    }),
  );
  const found = await until(() => world.runtime.store.findDeploymentInFlight("orders"), 30_000);
  expect(found).toMatchObject({ actor: { name: "Outside Switchyard" }, aws: { isForeign: true } });
  const known = await untilDeployment(world, found.id, ({ aws }) => aws?.startedBy !== undefined, 60_000);
  expect(known).toMatchObject({
    actor: { name: "Outside Switchyard: administrator" },
    aws: { startedBy: { state: "known", who: "administrator", call: "UpdateService" } },
  });
  await untilDeployment(world, found.id, isAwaitingSwitch, 60_000);
  const stops = () => world.sandbox.calls.counts()["ecs.StopServiceDeployment"]?.count ?? 0;
  const before = stops();
  const ended = await abortDeployment(world.as("operator"), { deploymentId: found.id });
  expect(ended.ok).toBe(true);
  expect((await untilDeployment(world, found.id, (d) => !isInFlight(d), 60_000)).status).toBe("ROLLBACK_SUCCESSFUL");
  expect(stops() - before).toBe(1);
}, 180_000);

test("a deployment that is superseded ends as that, and the one after it is followed", async () => {
  const waiting = await release("3.1.0");
  const taskDefinition = waiting.fromRevision?.taskDefinition;
  await ecs.send(
    new UpdateServiceCommand({
      cluster: "library-management-cluster",
      service: "orders-service",
      taskDefinition,
      forceNewDeployment: true,
    }),
  );
  const ended = await untilDeployment(world, waiting.id, (d) => !isInFlight(d), 60_000);
  expect(ended).toMatchObject({ status: "STOPPED", statusReason: expect.stringMatching(/^Superseded: /) });
  const next = await until(() => world.runtime.store.findDeploymentInFlight("orders"), 30_000);
  expect(next.aws?.isForeign).toBe(true);
}, 180_000);
