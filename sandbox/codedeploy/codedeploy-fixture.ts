import * as CodeDeploy from "@aws-sdk/client-codedeploy";
import type { EC2ClientConfig } from "@aws-sdk/client-ec2";
import * as Ecs from "@aws-sdk/client-ecs";
import * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { onTestFinished } from "vitest";
import { type TestClock, testClock } from "../clock.ts";
import { createPair } from "../elb/pair-fixture.ts";
import { createSandbox, type Sandbox } from "../sandbox.ts";

/** For tests: a service of the CODE_DEPLOY controller behind two listeners, its deployment group, and SDK clients. */
export interface CodedeployWorld {
  sandbox: Sandbox;
  clock: TestClock;
  codedeploy: CodeDeploy.CodeDeployClient;
  ecs: Ecs.ECSClient;
  elb: Elb.ElasticLoadBalancingV2Client;
  blue: string;
  green: string;
  production: string;
  /** The ARN of a new revision of the task definition. */
  register(tag: string): Promise<string>;
  createGroup(more?: Partial<CodeDeploy.CreateDeploymentGroupInput>): Promise<void>;
  /** The new deployment's id. */
  deploy(tag: string, more?: Partial<CodeDeploy.CreateDeploymentInput>, hooks?: object[]): Promise<string>;
  deployment(id: string): Promise<CodeDeploy.DeploymentInfo>;
  target(id: string): Promise<CodeDeploy.ECSTarget>;
  service(): Promise<Ecs.Service>;
  /** Weights of every rule of a listener that forwards, by "blue" and "green"; the default rule last. */
  weights(listener: string): Promise<Record<string, number>[]>;
  until(
    id: string,
    holds: (one: CodeDeploy.DeploymentInfo, target: CodeDeploy.ECSTarget) => boolean,
    what: string,
  ): Promise<CodeDeploy.DeploymentInfo>;
  pass(seconds: number): Promise<void>;
}

const STEP_MS = 500;
const LONGEST_STEPS = 2 * 4200;
const NAMES = { applicationName: "members", deploymentGroupName: "members-group" };

/** For tests: whether nothing happens to it any more. */
export function isOver({ status }: CodeDeploy.DeploymentInfo): boolean {
  return status === "Succeeded" || status === "Failed" || status === "Stopped";
}

/** For tests: an AppSpec for the service of the fixture. */
export function appSpec(TaskDefinition: string, Hooks: object[] = []): CodeDeploy.RevisionLocation {
  const Properties = { TaskDefinition, LoadBalancerInfo: { ContainerName: "web", ContainerPort: 8081 } };
  const Resources = [{ TargetService: { Type: "AWS::ECS::Service", Properties } }];
  return {
    revisionType: "AppSpecContent",
    appSpecContent: { content: JSON.stringify({ version: 0.0, Resources, Hooks }) },
  };
}

/** Starts it for the running test, the service running 1.0.0 in blue; `createGroup` is left to the test. */
export async function startCodedeployWorld(): Promise<CodedeployWorld> {
  const clock = testClock();
  const sandbox = await createSandbox({ seed: false, clock, throttling: false, randomSeed: 7, ecs: { virtual: true } });
  const config = {
    endpoint: sandbox.url,
    region: "ap-northeast-2",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const codedeploy = new CodeDeploy.CodeDeployClient(config);
  const ecs = new Ecs.ECSClient(config);
  const elb = new Elb.ElasticLoadBalancingV2Client(config);
  onTestFinished(async () => {
    for (const client of [codedeploy, ecs, elb]) client.destroy();
    await sandbox.close();
  });
  for (const tag of ["1.0.0", "1.1.0", "1.2.0-unhealthy"])
    sandbox.ecr.push({ repository: "web", tag, pushedAt: new Date(clock.now()), sizeBytes: 1 });
  const entrance = await createEntrance(config, elb);
  const { blue, green, production, test } = entrance;
  const pass = async (seconds: number) => {
    for (let ms = 0; ms < seconds * 1000; ms += STEP_MS) {
      clock.advance(STEP_MS);
      // Health checks of virtual targets come true on the clock alone, but not all at once.
      await Promise.resolve();
    }
  };

  /** As the API answers, without the wire: what time is moved on by. */
  const look = (deploymentId: string) => {
    const call = (operation: string, input: object) =>
      sandbox.codedeploy.operations[operation]?.(input, { requestId: "t", signal: new AbortController().signal });
    const { deploymentInfo } = call("GetDeployment", { deploymentId }) as CodeDeploy.GetDeploymentOutput;
    const { deploymentTarget } = call("GetDeploymentTarget", {
      deploymentId,
      targetId: "main:web",
    }) as CodeDeploy.GetDeploymentTargetOutput;
    return [deploymentInfo ?? {}, deploymentTarget?.ecsTarget ?? {}] as const;
  };

  const world: CodedeployWorld = {
    sandbox,
    clock,
    codedeploy,
    ecs,
    elb,
    blue,
    green,
    production,
    pass,
    async register(tag) {
      const { taskDefinition } = await ecs.send(
        new Ecs.RegisterTaskDefinitionCommand({
          family: "web",
          networkMode: "awsvpc",
          requiresCompatibilities: ["FARGATE"],
          cpu: "256",
          memory: "512",
          executionRoleArn: "arn:aws:iam::123456789012:role/web-execution",
          containerDefinitions: [
            { name: "web", image: `${sandbox.ecr.host}/web:${tag}`, portMappings: [{ containerPort: 8081 }] },
          ],
        }),
      );
      return taskDefinition?.taskDefinitionArn ?? "";
    },
    async createGroup(more = {}) {
      await codedeploy.send(
        new CodeDeploy.CreateDeploymentGroupCommand({
          ...NAMES,
          serviceRoleArn: "arn:aws:iam::123456789012:role/codedeploy",
          deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
          ecsServices: [{ clusterName: "main", serviceName: "web" }],
          loadBalancerInfo: {
            targetGroupPairInfoList: [
              {
                targetGroups: [{ name: "web-blue" }, { name: "web-green" }],
                prodTrafficRoute: { listenerArns: [production] },
                testTrafficRoute: { listenerArns: [test] },
              },
            ],
          },
          blueGreenDeploymentConfiguration: {
            terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 1 },
            deploymentReadyOption: { actionOnTimeout: "CONTINUE_DEPLOYMENT", waitTimeInMinutes: 0 },
          },
          ...more,
        }),
      );
    },
    async deploy(tag, more = {}, hooks = []) {
      const revision = appSpec(await world.register(tag), hooks);
      const { deploymentId = "" } = await codedeploy.send(
        new CodeDeploy.CreateDeploymentCommand({ ...NAMES, revision, ...more }),
      );
      return deploymentId;
    },
    async deployment(deploymentId) {
      const { deploymentInfo } = await codedeploy.send(new CodeDeploy.GetDeploymentCommand({ deploymentId }));
      if (!deploymentInfo) throw new Error("GetDeployment answered without a deployment.");
      return deploymentInfo;
    },
    async target(deploymentId) {
      const { deploymentTarget } = await codedeploy.send(
        new CodeDeploy.GetDeploymentTargetCommand({ deploymentId, targetId: "main:web" }),
      );
      return deploymentTarget?.ecsTarget ?? {};
    },
    async service() {
      const { services } = await ecs.send(new Ecs.DescribeServicesCommand({ cluster: "main", services: ["web"] }));
      if (!services?.[0]) throw new Error("There is no service web.");
      return services[0];
    },
    async weights(ListenerArn) {
      const { Rules = [] } = await elb.send(new Elb.DescribeRulesCommand({ ListenerArn }));
      return Rules.flatMap(({ Actions }) => {
        const groups = Actions?.at(-1)?.ForwardConfig?.TargetGroups;
        if (!groups) return [];
        return [
          Object.fromEntries(groups.map((one) => [one.TargetGroupArn === blue ? "blue" : "green", one.Weight ?? 0])),
        ];
      });
    },
    async until(id, holds, what) {
      for (let step = 0; step < LONGEST_STEPS; step += 1) {
        // Targets are known once the deployment has started.
        await pass(STEP_MS / 1000);
        if (holds(...look(id))) return world.deployment(id);
      }
      throw new Error(`Did not come to pass: ${what}, but ${JSON.stringify(await world.deployment(id))}`);
    },
  };
  await ecs.send(new Ecs.CreateClusterCommand({ clusterName: "main" }));
  await ecs.send(
    new Ecs.CreateServiceCommand({
      cluster: "main",
      serviceName: "web",
      taskDefinition: await world.register("1.0.0"),
      desiredCount: 2,
      launchType: "FARGATE",
      deploymentController: { type: "CODE_DEPLOY" },
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"] } },
      loadBalancers: [{ targetGroupArn: blue, containerName: "web", containerPort: 8081 }],
    }),
  );
  await codedeploy.send(
    new CodeDeploy.CreateApplicationCommand({ applicationName: "members", computePlatform: "ECS" }),
  );
  await pass(5);
  return world;
}

async function createEntrance(config: EC2ClientConfig, elb: Elb.ElasticLoadBalancingV2Client) {
  const { loadBalancerArn, blue, green } = await createPair(config, elb);
  const listener = async (Port: number, TargetGroupArn: string) => {
    const { Listeners } = await elb.send(
      new Elb.CreateListenerCommand({
        LoadBalancerArn: loadBalancerArn,
        Protocol: "HTTP",
        Port,
        DefaultActions: [{ Type: "forward", TargetGroupArn }],
      }),
    );
    return Listeners?.[0]?.ListenerArn ?? "";
  };
  return { blue, green, production: await listener(80, blue), test: await listener(81, green) };
}
