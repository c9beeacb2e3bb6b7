import {
  CodeDeployClient,
  CreateDeploymentCommand,
  CreateDeploymentConfigCommand,
  UpdateDeploymentGroupCommand,
} from "@aws-sdk/client-codedeploy";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Deployment, isAwaitingSwitch, isInFlight } from "../domain/deployment/deployment.ts";
import { stageRecord } from "../domain/deployment/deployment-stage.ts";
import { getCommands } from "../queries/get-commands.ts";
import { getReceipt } from "../queries/get-receipt.ts";
import { createCodeDeployWorld } from "../testing/code-deploy-world.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { onFreshLook } from "../testing/test-steps.ts";
import { type TestWorld, until, untilDeployment } from "../testing/test-world.ts";
import { abortDeployment } from "./abort-deployment.ts";
import { deploy } from "./deploy.ts";
import { extendWindow } from "./extend-window.ts";
import { retireSide } from "./retire-side.ts";
import { rollBack } from "./roll-back.ts";
import { switchTraffic } from "./switch-traffic.ts";

const NAMES = { applicationName: "members", deploymentGroupName: "members-group" };
const APPLICATION = "members";

let world: TestWorld;
let codedeploy: CodeDeployClient;

beforeAll(async () => {
  world = await createCodeDeployWorld();
  const { url: endpoint, place } = world.sandbox;
  codedeploy = new CodeDeployClient({ endpoint, region: place.region, credentials: ADMINISTRATOR });
  await codedeploy.send(
    new CreateDeploymentConfigCommand({
      deploymentConfigName: "canary-1-minute",
      computePlatform: "ECS",
      trafficRoutingConfig: {
        type: "TimeBasedCanary",
        timeBasedCanary: { canaryPercentage: 10, canaryInterval: 1 },
      },
    }),
  );
});

afterAll(async () => {
  codedeploy.destroy();
  await world.close();
});

/** How the group deploys from now on: whether it waits before it reroutes. */
function configure(waits: boolean) {
  return codedeploy.send(
    new UpdateDeploymentGroupCommand({
      applicationName: "members",
      currentDeploymentGroupName: "members-group",
      deploymentConfigName: "canary-1-minute",
      blueGreenDeploymentConfiguration: {
        deploymentReadyOption: waits
          ? { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: 60 }
          : { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 0 },
        terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 30 },
      },
    }),
  );
}

async function release(imageTag: string): Promise<Deployment> {
  const deployed = await onFreshLook(() =>
    deploy(world.as("operator"), { application: APPLICATION, imageTag, reason: "new sign-up" }),
  );
  if (!deployed.ok) throw new Error(deployed.message);
  return deployed.value;
}

/** As a pipeline does. */
async function startOutside(TaskDefinition: string, description: string): Promise<void> {
  const Properties = {
    TaskDefinition,
    LoadBalancerInfo: { ContainerName: "members", ContainerPort: 8085 },
  };
  const content = JSON.stringify({
    version: 0.0,
    Resources: [{ TargetService: { Type: "AWS::ECS::Service", Properties } }],
  });
  await codedeploy.send(
    new CreateDeploymentCommand({
      ...NAMES,
      deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
      description,
      revision: { revisionType: "AppSpecContent", appSpecContent: { content } },
    }),
  );
}

const look = () => world.runtime.observer.refreshNow(APPLICATION);
const isHeld = (d: Deployment) => d.stage === "BAKE_TIME" && d.aws?.gate != null;
const ended = (id: string) => untilDeployment(world, id, (d) => !isInFlight(d), 60_000);

test("a release waits before CodeDeploy reroutes, goes by canary, keeps the old side until somebody closes the window, and Switchyard writes no listener", async () => {
  await configure(true);
  const { id } = await release("1.9.0");
  const waiting = await untilDeployment(world, id, isAwaitingSwitch, 60_000);
  const codeDeployId = waiting.aws?.id ?? "";
  expect(waiting).toMatchObject({ stage: "PRE_PRODUCTION_TRAFFIC_SHIFT", to: "green", revision: { tag: "1.9.0" } });
  expect(waiting.aws?.gate).toMatchObject({ id: `${codeDeployId}:READY_WAIT`, onExpiry: "ROLLBACK" });
  const told = await world.aws.codeDeploy.describe([codeDeployId], "engine");
  expect(told[0]?.description).toMatch(/^Switchyard .* by operator: new sign-up$/);
  const second = await deploy(world.as("operator"), { application: APPLICATION, imageTag: "1.8.0" });
  expect(second).toMatchObject({ ok: false, code: "DEPLOYMENT_IN_FLIGHT" });

  const receipt = await until(async () => {
    const answer = await getReceipt(world.as("operator"), APPLICATION, "green");
    return answer.ok && answer.value.blockers.length === 0 ? answer.value : null;
  });
  expect(receipt.gate).toMatchObject({ deployment: codeDeployId, id: `${codeDeployId}:READY_WAIT` });
  const manualCommands = await getCommands(world.as("viewer"), APPLICATION, { action: "switch" });
  expect(manualCommands.ok && manualCommands.value.script).toMatch(
    /aws deploy continue-deployment[\s\\]+--deployment-id d-\w+[\s\\]+--deployment-wait-type READY_WAIT/,
  );
  // What changed since, such as a target's health, is read again, as a person would.
  await until(async () => {
    const newest = await getReceipt(world.as("operator"), APPLICATION, "green");
    const hash = newest.ok ? newest.value.hash : receipt.hash;
    const asked = { application: APPLICATION, to: "green", receipt: hash } as const;
    const switched = await onFreshLook(() => switchTraffic(world.as("operator"), asked));
    if (!switched.ok) expect(switched).toMatchObject({ code: "RECEIPT_OUTDATED" });
    return switched.ok;
  });
  await until(async () => (await look()).traffic.weights.green === 10, 30_000);

  const held = await untilDeployment(world, id, isHeld, 60_000);
  expect(held.aws?.gate).toMatchObject({ id: `${codeDeployId}:TERMINATION_WAIT`, onExpiry: "CONTINUE" });
  expect(held.bakeUntil).toBe(held.aws?.gate?.expiresAt);
  expect((await look()).traffic.weights).toEqual({ blue: 0, green: 100 });
  const extended = await extendWindow(world.as("operator"), { deploymentId: id });
  expect(extended).toMatchObject({
    ok: false,
    code: "NOT_OFFERED",
    message: "CodeDeploy's termination wait cannot be moved",
  });
  const retired = await retireSide(world.as("operator"), { deploymentId: id });
  expect(retired.ok).toBe(true);
  const done = await ended(id);
  expect(done.status).toBe("SUCCESSFUL");
  expect(done.aws?.answered.map(({ gate }) => gate)).toEqual([
    `${codeDeployId}:READY_WAIT`,
    `${codeDeployId}:TERMINATION_WAIT`,
  ]);
  // CodeDeploy's own writes come from inside it: not one call of ELB's went over the wire.
  expect(world.shifts()).toBe(0);
}, 180_000);

test("rolled back in the middle of its shift it ends as that, and the deployment that CodeDeploy makes for it is nobody's release", async () => {
  await configure(false);
  const { id } = await release("1.8.0");
  await untilDeployment(world, id, (d) => d.stage === "PRODUCTION_TRAFFIC_SHIFT", 60_000);
  await until(async () => (await look()).traffic.weights.blue === 10, 30_000);
  const back = await onFreshLook(() => rollBack(world.as("operator"), { application: APPLICATION, reason: "slow" }));
  if (!back.ok) throw new Error(back.message);
  expect(back.value.id).toBe(id);
  const done = await ended(id);
  expect(done.status).toBe("ROLLBACK_SUCCESSFUL");
  expect(done.statusReason).toMatch(/^Rolled back by operator: slow/);
  const seen = await look();
  expect(seen.traffic.weights).toEqual({ blue: 0, green: 100 });
  expect(seen.awsDeployments?.[0]).toMatchObject({ id: done.aws?.id, rolledBackBy: expect.stringMatching(/^d-/) });
  expect(await world.runtime.store.findDeploymentInFlight(APPLICATION)).toBeNull();
}, 180_000);

test("what a pipeline starts is followed, told with its description, and rolled back while its old side is kept", async () => {
  const seen = await look();
  const taskDefinition = seen.slots.green.revision?.taskDefinition;
  await startOutside(taskDefinition ?? "", "pipeline run 12");
  const found = await until(() => world.runtime.store.findDeploymentInFlight(APPLICATION), 30_000);
  expect(found).toMatchObject({ actor: { name: "Outside Switchyard: pipeline run 12" }, aws: { isForeign: true } });
  await untilDeployment(world, found.id, isHeld, 60_000);
  const back = await onFreshLook(() => rollBack(world.as("operator"), { application: APPLICATION }));
  expect(back.ok).toBe(true);
  expect((await ended(found.id)).status).toBe("ROLLBACK_SUCCESSFUL");
}, 180_000);

test("tasks that never get healthy hold it in Install, and the record says for what CodeDeploy waits", async () => {
  const { id } = await release("1.9.1-unhealthy");
  const stuck = await untilDeployment(
    world,
    id,
    (d) => /^CodeDeploy waits until all 2 new tasks are healthy/.test(stageRecord(d, "SCALE_UP").detail ?? ""),
    60_000,
  );
  expect(stuck.stage).toBe("SCALE_UP");
  const back = await abortDeployment(world.as("operator"), { deploymentId: id });
  expect(back.ok).toBe(true);
  expect((await ended(id)).status).toBe("ROLLBACK_SUCCESSFUL");
  expect((await look()).traffic.weights).toEqual({ blue: 0, green: 100 });
});

test("where the listener was changed by somebody else, a release is refused with what CodeDeploy would answer, and what a pipeline starts all the same ends with those words", async () => {
  world.sandbox.elb.controls.setWeights("members-alb:80", { "members-blue-tg": 100, "members-green-tg": 0 });
  const seen = await until(async () => {
    const one = await look();
    return one.traffic.live === "blue" ? one : null;
  });
  expect(seen.primary).toBe("green");
  const refused = await deploy(world.as("operator"), { application: APPLICATION, imageTag: "1.8.0" });
  expect(refused).toMatchObject({ ok: false });
  expect(JSON.stringify(refused)).toContain("Primary taskset target group must be behind listener");
  await startOutside(seen.slots.green.revision?.taskDefinition ?? "", "pipeline run 13");
  const found = await until(async () => {
    const { items } = await world.runtime.store.listDeployments(APPLICATION, { limit: 1 });
    return items[0]?.actor.name.endsWith("pipeline run 13") ? items[0] : null;
  });
  const done = await ended(found.id);
  expect(done.statusReason).toContain(
    "The listener does not send everything to the target group of the primary task set",
  );
});
