import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ECRClient } from "@aws-sdk/client-ecr";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { STSClient } from "@aws-sdk/client-sts";
import type { Aws } from "../aws/aws.ts";
import { createBudgets } from "../aws/budget.ts";
import { createCaller } from "../aws/caller.ts";
import { createCloudwatch } from "../aws/cloudwatch.ts";
import { createEcr } from "../aws/ecr.ts";
import { createEcs } from "../aws/ecs.ts";
import { createElb } from "../aws/elb.ts";
import { createServiceDeployments } from "../aws/service-deployments.ts";
import { createSts } from "../aws/sts.ts";
import { type ApplicationConfig, applicationSchema } from "../config/application-config.ts";
import { shortName } from "../domain/text/short-name.ts";
import { LIBRARY_SETTINGS } from "./library-settings.ts";

/** Many applications behind an AWS that answers from memory, with the product's own budgets before it. */
export interface FleetWorld {
  aws: Aws;
  configs: ApplicationConfig[];
  /** When each operation was called, epoch ms. */
  calls: Map<string, number[]>;
  /** How many things each call of an operation asked about, where it can ask about several. */
  sizes: Map<string, number[]>;
  /** What `DescribeTargetHealth` tells of a group, by name, instead of healthy targets. */
  unhealthy: Set<string>;
}

const PLACE = "eu-central-1:111122223333";
const ELB = `arn:aws:elasticloadbalancing:${PLACE}`;
const ECS = `arn:aws:ecs:${PLACE}`;
const ANSWER_MS = 40;

/** How the fleet looks. */
interface FleetShape {
  count: number;
  /** Applications whose rules share a listener. */
  ofOneListener: number;
  /** Tasks of the side that is not live; the live one has two. */
  standbyTasks: number;
  /** ECS deploys each of them itself, with two tasks: all wait at a pause now, or none is being deployed. */
  native?: "at a pause" | "at rest";
}

interface Command {
  constructor: { name: string };
  input: Record<string, unknown>;
}

/** Answers after 40 ms of the clock that timers run on. */
export function createFleetWorld({ count, ofOneListener, standbyTasks, native }: FleetShape): FleetWorld {
  const isNative = native !== undefined;
  const calls = new Map<string, number[]>();
  const sizes = new Map<string, number[]>();
  const unhealthy = new Set<string>();
  const names = Array.from({ length: count }, (_, n) => `app-${n}`);
  const balancerOf = (n: number) => Math.floor(n / ofOneListener);
  const balancerArn = (b: number) => `${ELB}:loadbalancer/app/alb-${b}/50dc6c495c0c9188`;
  const listenerArn = (b: number) => `${ELB}:listener/app/alb-${b}/50dc6c495c0c9188/f2f7dc8efc522ab2`;
  const ruleArn = (n: number) =>
    `${listenerArn(balancerOf(n)).replace(":listener/", ":listener-rule/")}/${String(n).padStart(16, "0")}`;
  const groupArn = (name: string) => `${ELB}:targetgroup/${name}/73e2d6bc24d8a067`;
  const groupName = (arn: string) => arn.split("/")[1] ?? "";
  const tasksOf = (service: string) => (service.endsWith("green") ? standbyTasks : 2);
  const taskArns = (service: string) =>
    Array.from({ length: tasksOf(service) }, (_, n) => `${ECS}:task/fleet/${service}-${n}`);
  const services = isNative ? names : names.flatMap((name) => [`${name}-blue`, `${name}-green`]);
  const list = (value: unknown) => (Array.isArray(value) ? (value as string[]) : []);

  const listenerOf = (b: number) => ({ ListenerArn: listenerArn(b), LoadBalancerArn: balancerArn(b), Port: 80 });
  const ruleOf = (n: number) => ({
    RuleArn: ruleArn(n),
    Priority: String(1 + (n % ofOneListener)),
    Conditions: [{ Field: "host-header", HostHeaderConfig: { Values: [`app-${n}.example.com`] } }],
    Actions: [
      {
        Type: "forward" as const,
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: groupArn(`app-${n}-blue`), Weight: 1 },
            { TargetGroupArn: groupArn(`app-${n}-green`), Weight: 0 },
          ],
        },
      },
    ],
  });
  const balancerIn = (arn: string) => Number(/alb-(\d+)\//.exec(arn)?.[1]);
  const groupOf = (name: string) => ({
    TargetGroupName: name,
    TargetGroupArn: groupArn(name),
    LoadBalancerArns: [balancerArn(balancerOf(Number(name.split("-")[1])))],
  });

  const pairedConfig = (name: string, n: number) => ({
    ...LIBRARY_SETTINGS,
    name,
    cluster: "fleet",
    listener: { loadBalancer: `alb-${balancerOf(n)}`, port: 80 },
    rule: { priority: 1 + (n % ofOneListener) },
    blue: { service: `${name}-blue`, targetGroup: `${name}-blue` },
    green: { service: `${name}-green`, targetGroup: `${name}-green` },
  });

  const answers: Record<string, (input: Record<string, unknown>) => object> = {
    describeLoadBalancers: ({ Names, LoadBalancerArns }) => ({
      LoadBalancers: [...list(Names), ...list(LoadBalancerArns).map((arn) => `alb-${balancerIn(arn)}`)].map((name) => ({
        LoadBalancerArn: balancerArn(Number(name.slice(4))),
        LoadBalancerName: name,
        DNSName: `${name}.example.com`,
      })),
    }),
    describeListeners: ({ LoadBalancerArn, ListenerArns }) => ({
      Listeners: (LoadBalancerArn ? [String(LoadBalancerArn)] : list(ListenerArns)).map((arn) =>
        listenerOf(balancerIn(arn)),
      ),
    }),
    describeRules: ({ ListenerArn, RuleArns }) => ({
      Rules: ListenerArn
        ? names.flatMap((_, n) => (balancerOf(n) === balancerIn(String(ListenerArn)) ? [ruleOf(n)] : []))
        : list(RuleArns).map((arn) => ruleOf(Number(shortName(arn)))),
    }),
    describeTargetGroups: ({ Names, TargetGroupArns }) => ({
      TargetGroups: [...list(Names), ...list(TargetGroupArns).map(groupName)].map(groupOf),
    }),
    describeTargetGroupAttributes: () => ({ Attributes: [] }),
    describeTargetHealth: ({ TargetGroupArn }) => ({
      TargetHealthDescriptions: taskArns(groupName(String(TargetGroupArn))).map((_, n) => ({
        Target: { Id: `10.0.0.${n + 1}`, Port: 8080 },
        TargetHealth: { State: unhealthy.has(groupName(String(TargetGroupArn))) ? "unhealthy" : "healthy" },
      })),
    }),
    describeServices: ({ services: asked }) => ({
      services: list(asked).map((name) => ({
        serviceName: name,
        serviceArn: `${ECS}:service/fleet/${name}`,
        status: "ACTIVE",
        taskDefinition: `${ECS}:task-definition/app:1`,
        desiredCount: tasksOf(name),
        runningCount: tasksOf(name),
        pendingCount: 0,
        loadBalancers: [{ targetGroupArn: groupArn(name), containerName: "library", containerPort: 8080 }],
        ...(isNative ? nativeService(name, { groupArn, ruleArn }) : {}),
      })),
    }),
    listServiceDeployments: ({ service }) => ({
      serviceDeployments: [{ serviceDeploymentArn: deploymentArn(`${service}`) }],
    }),
    describeServiceDeployments: ({ serviceDeploymentArns }) => ({
      serviceDeployments: list(serviceDeploymentArns).map((arn) => nativeDeployment(arn, native === "at a pause")),
    }),
    describeServiceRevisions: ({ serviceRevisionArns }) => ({
      serviceRevisions: list(serviceRevisionArns).map((serviceRevisionArn) => ({
        serviceRevisionArn,
        taskDefinition: `${ECS}:task-definition/app:1`,
        resolvedConfiguration: {
          loadBalancers: [{ targetGroupArn: groupArn(`${serviceRevisionArn.split("/")[2]}-blue`) }],
        },
      })),
    }),
    listTasks({ serviceName, desiredStatus, nextToken }) {
      const all = desiredStatus === "STOPPED" ? [] : (serviceName ? [String(serviceName)] : services).flatMap(taskArns);
      const from = Number(nextToken ?? 0);
      return {
        taskArns: all.slice(from, from + 100),
        ...(from + 100 < all.length ? { nextToken: String(from + 100) } : {}),
      };
    },
    describeTasks: ({ tasks }) => ({
      tasks: list(tasks).map((taskArn) => ({
        taskArn,
        group: `service:${(taskArn.split("/")[2] ?? "").replace(/-\d+$/, "")}`,
        lastStatus: "RUNNING",
        desiredStatus: "RUNNING",
        taskDefinitionArn: `${ECS}:task-definition/app:1`,
      })),
    }),
    getMetricData: () => ({ MetricDataResults: [] }),
  };

  const client = {
    async send(command: Command): Promise<object> {
      const operation = command.constructor.name.replace(/Command$/, "");
      const times = calls.get(operation) ?? [];
      calls.set(operation, times);
      times.push(Date.now());
      const several = Object.values(command.input).find(Array.isArray);
      if (several) sizes.set(operation, [...(sizes.get(operation) ?? []), several.length]);
      await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
      const answer = answers[operation.charAt(0).toLowerCase() + operation.slice(1)];
      if (!answer) throw new TypeError(`The fleet has no ${operation}`);
      return { $metadata: {}, ...answer(command.input) };
    },
  };
  const budgets = createBudgets(Date.now);
  const call = createCaller(budgets);
  const unused = { list: async () => [], describe: async () => [], describeRevisions: async () => [] };
  const ofEcs = createServiceDeployments(client as unknown as ECSClient, call);
  return {
    calls,
    sizes,
    unhealthy,
    configs: names.map((name, n) => applicationSchema.parse(isNative ? nativeConfig(name) : pairedConfig(name, n))),
    aws: {
      region: "eu-central-1",
      endpoint: null,
      unaccepted: () => null,
      budgets,
      ecs: createEcs(client as unknown as ECSClient, call),
      definitions: {
        get: async (arn: string) => ({
          arn,
          family: "app",
          containers: [{ name: "library", image: "example.com/app:1" }],
        }),
        inspect: async () => null,
      } as unknown as Aws["definitions"],
      elb: createElb(client as unknown as ElasticLoadBalancingV2Client, call),
      ecr: createEcr(() => client as unknown as ECRClient, "eu-central-1", call),
      images: {} as unknown as Aws["images"],
      cloudwatch: createCloudwatch(client as unknown as CloudWatchClient, call),
      sts: createSts(client as unknown as STSClient, call, "111122223333"),
      serviceDeployments: isNative ? ofEcs : (unused as unknown as Aws["serviceDeployments"]),
      scaling: { describeTargets: async () => new Map() } as unknown as Aws["scaling"],
      taskSets: {} as unknown as Aws["taskSets"],
      logs: {} as unknown as Aws["logs"],
      insights: { stop: async () => undefined } as unknown as Aws["insights"],
      codeDeploy: {} as unknown as Aws["codeDeploy"],
      lockedObjects: {} as unknown as Aws["lockedObjects"],
      inventory: {} as unknown as Aws["inventory"],
      certificates: {} as unknown as Aws["certificates"],
      queues: { receive: async () => [], remove: async () => undefined },
      trail: { findCall: async () => null },
      databases: {} as unknown as Aws["databases"],
      heard: () => null,
      networks: {} as unknown as Aws["networks"],
      parameters: {} as unknown as Aws["parameters"],
      managedSecrets: {} as unknown as Aws["managedSecrets"],
      roles: {} as unknown as Aws["roles"],
      destroy() {},
    },
  };
}

const deploymentArn = (name: string) => `${ECS}:service-deployment/fleet/${name}/0123456789abcdefghijk`;
const revisionArn = (name: string) => `${ECS}:service-revision/fleet/${name}/1234567890123456789`;

function nativeConfig(name: string) {
  const controller = "ecs-native";
  return { name, cluster: "fleet", controller, service: name, container: "library", repository: "library" };
}

/** What a service that ECS deploys itself has besides. */
function nativeService(
  name: string,
  { groupArn, ruleArn }: { groupArn: (name: string) => string; ruleArn: (n: number) => string },
) {
  const advancedConfiguration = {
    alternateTargetGroupArn: groupArn(`${name}-green`),
    productionListenerRule: ruleArn(Number(name.split("-")[1])),
  };
  const targetGroupArn = groupArn(`${name}-blue`);
  return {
    deploymentController: { type: "ECS" },
    deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: 5 },
    loadBalancers: [{ targetGroupArn, containerName: "library", containerPort: 8080, advancedConfiguration }],
    currentServiceDeployment: deploymentArn(name),
    currentServiceRevisions: [{ arn: revisionArn(name) }],
  };
}

function nativeDeployment(arn: string, isWaiting: boolean) {
  const name = arn.split("/")[2] ?? "";
  return {
    serviceDeploymentArn: arn,
    createdAt: new Date(0),
    ...(isWaiting
      ? { status: "IN_PROGRESS", lifecycleStage: "POST_TEST_TRAFFIC_SHIFT" }
      : { status: "SUCCESSFUL", finishedAt: new Date(1) }),
    targetServiceRevision: { arn: revisionArn(name) },
    lifecycleHookDetails: [
      { hookId: `ecs-pause-${name}`, targetType: "PAUSE", status: isWaiting ? "AWAITING_ACTION" : "SUCCEEDED" },
    ],
  };
}
