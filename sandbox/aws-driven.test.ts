import { setTimeout as sleep } from "node:timers/promises";
import {
  CodeDeployClient,
  ContinueDeploymentCommand,
  CreateDeploymentCommand,
  CreateDeploymentConfigCommand,
  GetDeploymentCommand,
} from "@aws-sdk/client-codedeploy";
import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  RegisterTaskDefinitionCommand,
  type ServiceDeployment,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandbox, type Sandbox } from "./sandbox.ts";

const CLUSTER = "library-management-cluster";
/** Tasks are processes here, which start and answer in real time: much faster, a busy machine would fail health checks. */
const SPEED = 5;

let sandbox: Sandbox;
let ecs: ECSClient;
let codedeploy: CodeDeployClient;

beforeAll(async () => {
  sandbox = await createSandbox({ seed: "all", speed: SPEED, throttling: false });
  const settings = {
    endpoint: sandbox.url,
    region: sandbox.place.region,
    credentials: { accessKeyId: "sandbox", secretAccessKey: "sandbox" },
  };
  ecs = new ECSClient(settings);
  codedeploy = new CodeDeployClient(settings);
  await until("orders is deployed", async () => (await newest()).status === "SUCCESSFUL");
  for (const name of ["orders", "members"])
    await until(`${name} serves`, async () => (await visit(`${name}-alb:80`)).status === 200);
});

afterAll(async () => {
  ecs.destroy();
  codedeploy.destroy();
  await sandbox.close();
});

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 150_000;
  while (!(await check())) {
    if (performance.now() > end)
      throw new Error(`Waited 150 s in vain until ${what}; the newest deployment: ${JSON.stringify(await newest())}`);
    await sleep(50);
  }
}

async function visit(listener: string): Promise<{ status: number; tag?: string; slot?: string }> {
  const answer = await fetch(sandbox.listenerUrl(listener));
  const body = (await answer.json().catch(() => ({}))) as { tag?: string; slot?: string };
  return { status: answer.status, tag: body.tag, slot: body.slot };
}

/** Registers the service's task definition with another tag; its ARN. */
async function register(service: string, tag: string): Promise<string> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: CLUSTER, services: [service] }));
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: services?.[0]?.taskDefinition }),
  );
  const containerDefinitions = taskDefinition?.containerDefinitions?.map((container) => ({
    ...container,
    image: container.image?.replace(/:[^:@]+@.*$/, `:${tag}`),
  }));
  const { family, networkMode, cpu, memory, requiresCompatibilities, executionRoleArn } = taskDefinition ?? {};
  const registered = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode,
      cpu,
      memory,
      requiresCompatibilities,
      executionRoleArn,
      containerDefinitions,
    }),
  );
  return registered.taskDefinition?.taskDefinitionArn ?? "";
}

async function newest(): Promise<ServiceDeployment> {
  const { serviceDeployments = [] } = await ecs.send(
    new ListServiceDeploymentsCommand({ cluster: CLUSTER, service: "orders-service" }),
  );
  const serviceDeploymentArns = [serviceDeployments[0]?.serviceDeploymentArn ?? ""];
  const answer = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }));
  return answer.serviceDeployments?.[0] ?? {};
}

/** Visits all the time until stopped; answers every status and tag that came back. */
function visitors(listener: string) {
  let isOver = false;
  const seen = { statuses: new Set<number | string>(), tags: new Set<string | undefined>() };
  const client = async () => {
    while (!isOver) {
      await visit(listener).then(
        ({ status, tag }) => {
          seen.statuses.add(status);
          seen.tags.add(tag);
        },
        (error: unknown) => seen.statuses.add(String(error)),
      );
      await sleep(10);
    }
  };
  const clients = [client(), client()];
  return async () => {
    isOver = true;
    await Promise.all(clients);
    return seen;
  };
}

test("ECS moves orders to a new release behind two pauses, and no visitor is failed", async () => {
  const stop = visitors("orders-alb:80");
  const taskDefinition = await register("orders-service", "3.1.0");
  await ecs.send(new UpdateServiceCommand({ cluster: CLUSTER, service: "orders-service", taskDefinition }));
  const answer = async (stage: string) => {
    let waiting: string | undefined;
    await until(`it pauses at ${stage}`, async () => {
      const { lifecycleStage, lifecycleHookDetails } = await newest();
      waiting = lifecycleHookDetails?.find(({ status }) => status === "AWAITING_ACTION")?.hookId;
      return lifecycleStage === stage && waiting !== undefined;
    });
    return async () => {
      const { serviceDeploymentArn } = await newest();
      await ecs.send(
        new ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId: waiting, action: "CONTINUE" }),
      );
    };
  };
  const goOn = await answer("POST_TEST_TRAFFIC_SHIFT");
  expect(await visit("orders-alb:80")).toEqual({ status: 200, tag: "3.0.0", slot: "blue" });
  expect(await visit("orders-alb:81")).toEqual({ status: 200, tag: "3.1.0", slot: "green" });
  await goOn();
  const close = await answer("POST_PRODUCTION_TRAFFIC_SHIFT");
  expect(await visit("orders-alb:80")).toEqual({ status: 200, tag: "3.1.0", slot: "green" });
  await close();
  await until("it is over", async () => (await newest()).status === "SUCCESSFUL");
  const { statuses, tags } = await stop();
  expect([...statuses]).toEqual([200]);
  expect(tags).toEqual(new Set(["3.0.0", "3.1.0"]));
});

test("CodeDeploy moves members by canary and ends blue early, and no visitor is failed", async () => {
  const stop = visitors("members-alb:80");
  const TaskDefinition = await register("members-service", "1.9.0");
  const Properties = { TaskDefinition, LoadBalancerInfo: { ContainerName: "members", ContainerPort: 8085 } };
  const Resources = [{ TargetService: { Type: "AWS::ECS::Service", Properties } }];
  await codedeploy.send(
    new CreateDeploymentConfigCommand({
      deploymentConfigName: "a-tenth-for-a-minute",
      computePlatform: "ECS",
      trafficRoutingConfig: { type: "TimeBasedCanary", timeBasedCanary: { canaryPercentage: 10, canaryInterval: 1 } },
    }),
  );
  const { deploymentId } = await codedeploy.send(
    new CreateDeploymentCommand({
      applicationName: "members",
      deploymentGroupName: "members-group",
      deploymentConfigName: "a-tenth-for-a-minute",
      revision: {
        revisionType: "AppSpecContent",
        appSpecContent: { content: JSON.stringify({ version: 0.0, Resources }) },
      },
    }),
  );
  const read = async () => (await codedeploy.send(new GetDeploymentCommand({ deploymentId }))).deploymentInfo;
  await until("blue is to end", async () => (await read())?.instanceTerminationWaitTimeStarted === true);
  await codedeploy.send(new ContinueDeploymentCommand({ deploymentId, deploymentWaitType: "TERMINATION_WAIT" }));
  await until("it is over", async () => (await read())?.status === "Succeeded");
  expect(await visit("members-alb:80")).toEqual({ status: 200, tag: "1.9.0", slot: "green" });
  const { statuses, tags } = await stop();
  expect([...statuses]).toEqual([200]);
  expect(tags).toEqual(new Set(["1.8.0", "1.9.0"]));
});
