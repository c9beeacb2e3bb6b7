import type { EC2ClientConfig } from "@aws-sdk/client-ec2";
import * as Ecs from "@aws-sdk/client-ecs";
import * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { onTestFinished } from "vitest";
import { type TestClock, testClock } from "../../clock.ts";
import { createPair } from "../../elb/pair-fixture.ts";
import { createSandbox, type Sandbox } from "../../sandbox.ts";
import type { SandboxOptions } from "../../sandbox-options.ts";

/** For tests: a load balancer in front of two groups, an ECS with virtual tasks, SDK clients, and a clock moved by hand. */
export interface NativeWorld {
  sandbox: Sandbox;
  clock: TestClock;
  ecs: Ecs.ECSClient;
  elb: Elb.ElasticLoadBalancingV2Client;
  vpcId: string;
  blue: string;
  green: string;
  productionRule: string;
  testRule: string;
  /** Registers a revision that runs the tag; its ARN. */
  register(tag: string): Promise<string>;
  createService(taskDefinition: string, more?: Partial<Ecs.CreateServiceRequest>): Promise<void>;
  update(more: Partial<Ecs.UpdateServiceRequest>): Promise<Ecs.Service>;
  /** Updates the service to a new revision that runs the tag; the ARN of the service deployment. */
  deploy(tag: string, more?: Partial<Ecs.UpdateServiceRequest>): Promise<string>;
  service(): Promise<Ecs.Service>;
  /** The newest service deployment, or the one of that ARN. */
  deployment(arn?: string): Promise<Ecs.ServiceDeployment>;
  revision(arn: string | undefined): Promise<Ecs.ServiceRevision | undefined>;
  /** A rule's weights, by "blue" and "green". */
  weights(rule: string): Promise<Record<string, number>>;
  /** States of a group's targets. */
  targets(group: string): Promise<string[]>;
  /** Newest last. */
  events(): Promise<string[]>;
  /** Moves time on in steps until the newest deployment is so; answers it, and every stage that was seen on the way. */
  until(holds: (deployment: Ecs.ServiceDeployment) => boolean, what: string): Promise<Seen>;
  /** Answers the pause hook that awaits it. */
  answer(action: Ecs.DeploymentLifecycleHookAction): Promise<void>;
  /** Stops the newest service deployment. */
  stop(): Promise<void>;
  /** Creates the service with 1.0.0 and waits until it is deployed: production is on green then. */
  created(more?: Partial<Ecs.CreateServiceRequest>): Promise<void>;
  /** Moves time on, a quarter of a second at a step. */
  pass(seconds: number): Promise<void>;
}

/** What was seen while time moved on. */
interface Seen {
  deployment: Ecs.ServiceDeployment;
  stages: string[];
}

/** Fargate's network, as every service here has it. */
const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-1"] } };
const STEP_MS = 250;
const LONGEST_STEPS = 4 * 3600;

/** Starts it for the running test. Production is on port 80 and sends to blue, the test rule is on port 81 and does too. */
export async function startNativeWorld(options: SandboxOptions = {}): Promise<NativeWorld> {
  const clock = testClock();
  const sandbox = await createSandbox({
    seed: false,
    clock,
    throttling: false,
    randomSeed: 7,
    ...options,
    ecs: { virtual: true, ...options.ecs },
  });
  const config = {
    endpoint: sandbox.url,
    region: "ap-northeast-2",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  };
  const ecs = new Ecs.ECSClient(config);
  const elb = new Elb.ElasticLoadBalancingV2Client(config);
  onTestFinished(async () => {
    ecs.destroy();
    elb.destroy();
    await sandbox.close();
  });
  for (const tag of ["1.0.0", "1.1.0", "1.2.0-unhealthy", "1.3.0-crash"])
    sandbox.ecr.push({ repository: "web", tag, pushedAt: new Date(clock.now()), sizeBytes: 1 });
  await ecs.send(new Ecs.CreateClusterCommand({ clusterName: "main" }));
  const entrance = await createEntrance(config, elb);
  const here = { cluster: "main", service: "web" };
  const newest = async () => {
    const { serviceDeployments = [] } = await ecs.send(new Ecs.ListServiceDeploymentsCommand(here));
    return serviceDeployments[0]?.serviceDeploymentArn ?? "";
  };
  /** As the API answers, without the wire: what time is moved on by. */
  const look = (): Ecs.ServiceDeployment | undefined => {
    const call = (operation: string, input: object) =>
      sandbox.ecs.service.operations[operation]?.(input, { requestId: "t", signal: new AbortController().signal });
    const { serviceDeployments: [brief] = [] } = call(
      "ListServiceDeployments",
      here,
    ) as Ecs.ListServiceDeploymentsResponse;
    const serviceDeploymentArns = [brief?.serviceDeploymentArn ?? ""];
    if (!brief) return undefined;
    return (call("DescribeServiceDeployments", { serviceDeploymentArns }) as Ecs.DescribeServiceDeploymentsResponse)
      .serviceDeployments?.[0];
  };

  const world: NativeWorld = {
    sandbox,
    clock,
    ecs,
    elb,
    ...entrance,
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
    async createService(taskDefinition, more = {}) {
      await ecs.send(
        new Ecs.CreateServiceCommand({
          cluster: "main",
          serviceName: "web",
          taskDefinition,
          desiredCount: 2,
          launchType: "FARGATE",
          networkConfiguration,
          deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 0 },
          loadBalancers: [balancer(entrance)],
          ...more,
        }),
      );
    },
    async update(more) {
      const { service } = await ecs.send(new Ecs.UpdateServiceCommand({ ...here, ...more }));
      if (!service) throw new Error("UpdateService answered without a service.");
      return service;
    },
    async deploy(tag, more = {}) {
      await world.update({ taskDefinition: await world.register(tag), ...more });
      return newest();
    },
    async service() {
      const { services } = await ecs.send(new Ecs.DescribeServicesCommand({ cluster: "main", services: ["web"] }));
      if (!services?.[0]) throw new Error("There is no service web.");
      return services[0];
    },
    async deployment(arn) {
      const { serviceDeployments } = await ecs.send(
        new Ecs.DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn ?? (await newest())] }),
      );
      if (!serviceDeployments?.[0]) throw new Error("There is no such service deployment.");
      return serviceDeployments[0];
    },
    async revision(arn) {
      const { serviceRevisions } = await ecs.send(
        new Ecs.DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn ?? ""] }),
      );
      return serviceRevisions?.[0];
    },
    async weights(rule) {
      const { Rules } = await elb.send(new Elb.DescribeRulesCommand({ RuleArns: [rule] }));
      const groups = Rules?.[0]?.Actions?.at(-1)?.ForwardConfig?.TargetGroups ?? [];
      return Object.fromEntries(
        groups.map((one) => [one.TargetGroupArn === entrance.blue ? "blue" : "green", one.Weight ?? 0]),
      );
    },
    async targets(group) {
      const { TargetHealthDescriptions = [] } = await elb.send(
        new Elb.DescribeTargetHealthCommand({ TargetGroupArn: group }),
      );
      return TargetHealthDescriptions.map((one) => one.TargetHealth?.State ?? "");
    },
    events: async () => ((await world.service()).events ?? []).map((event) => event.message ?? "").reverse(),
    async until(holds, what) {
      const stages: string[] = [];
      for (let step = 0; step < LONGEST_STEPS; step += 1) {
        const deployment = look();
        const stage = deployment?.lifecycleStage;
        if (stage !== undefined && stages.at(-1) !== stage) stages.push(stage);
        if (deployment && holds(deployment))
          return { deployment: await world.deployment(deployment.serviceDeploymentArn), stages };
        await move(clock);
      }
      throw new Error(`Did not come to pass in an hour: ${what}, but ${JSON.stringify(look())}`);
    },
    async answer(action) {
      const deployment = await world.deployment();
      const { serviceDeploymentArn } = deployment;
      const hookId = awaited(deployment)?.hookId;
      await ecs.send(new Ecs.ContinueServiceDeploymentCommand({ serviceDeploymentArn, hookId, action }));
    },
    async stop() {
      const serviceDeploymentArn = await newest();
      await ecs.send(new Ecs.StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: "ROLLBACK" }));
    },
    async created(more) {
      await world.createService(await world.register("1.0.0"), more);
      await world.until(isOver, "the service is created");
      await world.pass(2);
    },
    async pass(seconds) {
      for (let ms = 0; ms < seconds * 1000; ms += STEP_MS) await move(clock);
    },
  };
  return world;
}

/** Health checks of virtual targets come true on the clock alone, but not all at once. */
async function move(clock: TestClock): Promise<void> {
  clock.advance(STEP_MS);
  await Promise.resolve();
}

type Entrance = Pick<NativeWorld, "vpcId" | "blue" | "green" | "productionRule" | "testRule">;

/** For tests: the service's load balancer, with its advanced configuration changed. */
export function balancer(entrance: Entrance, changes: Partial<Ecs.AdvancedConfiguration> = {}): Ecs.LoadBalancer {
  return {
    targetGroupArn: entrance.blue,
    containerName: "web",
    containerPort: 8081,
    advancedConfiguration: {
      alternateTargetGroupArn: entrance.green,
      productionListenerRule: entrance.productionRule,
      testListenerRule: entrance.testRule,
      roleArn: "arn:aws:iam::123456789012:role/ecsInfrastructureRole",
      ...changes,
    },
  };
}

/** For tests: whether nobody and nothing is awaited any more. */
export function isOver({ status }: Ecs.ServiceDeployment): boolean {
  return ["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"].includes(status ?? "");
}

/** For tests: a pause hook at the stages. */
export function pauseAt(...lifecycleStages: Ecs.DeploymentLifecycleHookStage[]): Ecs.DeploymentLifecycleHook {
  return { targetType: "PAUSE", lifecycleStages };
}

/** For tests: a deployment configuration with hooks, without bake time. */
export function blueGreen(
  lifecycleHooks: Ecs.DeploymentLifecycleHook[],
  more: Partial<Ecs.DeploymentConfiguration> = {},
): Ecs.DeploymentConfiguration {
  return { strategy: "BLUE_GREEN", bakeTimeInMinutes: 0, lifecycleHooks, ...more };
}

/** For tests: the pause hook that awaits an answer. */
export function awaited({
  lifecycleHookDetails = [],
}: Ecs.ServiceDeployment): Ecs.DeploymentLifecycleHookDetail | undefined {
  return lifecycleHookDetails.find(({ status }) => status === "AWAITING_ACTION");
}

async function createEntrance(config: EC2ClientConfig, elb: Elb.ElasticLoadBalancingV2Client): Promise<Entrance> {
  const { loadBalancerArn, blue, green, vpcId } = await createPair(config, elb);
  const TargetGroups = [
    { TargetGroupArn: blue, Weight: 1 },
    { TargetGroupArn: green, Weight: 0 },
  ];
  const rule = async (Port: number) => {
    const { Listeners } = await elb.send(
      new Elb.CreateListenerCommand({
        LoadBalancerArn: loadBalancerArn,
        Protocol: "HTTP",
        Port,
        DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
      }),
    );
    const { Rules } = await elb.send(
      new Elb.CreateRuleCommand({
        ListenerArn: Listeners?.[0]?.ListenerArn,
        Priority: 10,
        Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
        Actions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
      }),
    );
    return Rules?.[0]?.RuleArn ?? "";
  };
  return { vpcId, blue, green, productionRule: await rule(80), testRule: await rule(81) };
}
