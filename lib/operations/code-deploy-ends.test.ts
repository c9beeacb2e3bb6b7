import {
  CodeDeployClient,
  CreateDeploymentCommand,
  StopDeploymentCommand,
  UpdateDeploymentGroupCommand,
} from "@aws-sdk/client-codedeploy";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import { stageRecord } from "../domain/deployment/deployment-stage.ts";
import { createCodeDeployWorld } from "../testing/code-deploy-world.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";
import { type TestWorld, until, untilDeployment } from "../testing/test-world.ts";

const NAMES = { applicationName: "members", deploymentGroupName: "members-group" };
const HOOK = "arn:aws:lambda:ap-northeast-2:000000000000:function:check-members";

let world: TestWorld;
let codedeploy: CodeDeployClient;

beforeAll(async () => {
  world = await createCodeDeployWorld();
  const { url: endpoint, place } = world.sandbox;
  codedeploy = new CodeDeployClient({ endpoint, region: place.region, credentials: ADMINISTRATOR });
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
  codedeploy.destroy();
  await world.close();
});

const look = () => world.runtime.observer.refreshNow("members");

async function start(deploymentConfigName: string, Hooks: Record<string, string>[] = []): Promise<Deployment> {
  const seen = await look();
  const live = seen.traffic.live === "green" ? "green" : "blue";
  const Properties = {
    TaskDefinition: seen.slots[live].revision?.taskDefinition,
    LoadBalancerInfo: { ContainerName: "members", ContainerPort: 8085 },
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
    const found = await world.runtime.store.findDeploymentInFlight("members");
    return found?.aws?.id === deploymentId ? found : null;
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
