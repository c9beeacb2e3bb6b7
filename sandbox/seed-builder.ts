import type * as CodeDeploy from "@aws-sdk/client-codedeploy";
import type * as Ecs from "@aws-sdk/client-ecs";
import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { EcrSimulator } from "./ecr/ecr.ts";
import { SEED_SECURITY_GROUPS, SEED_SUBNETS } from "./seed-network.ts";
import { seedTaskDefinition, type Workload } from "./seed-task-definition.ts";
import type { SandboxBase, SimulatedService } from "./service.ts";

/** What a seeded world is made with: the services' own API, and the registry's past. */
export interface SeedPorts {
  ecs: SimulatedService;
  elb: SimulatedService;
  logs: SimulatedService;
  codedeploy: SimulatedService;
  ecr: EcrSimulator;
}

/** One image of a repository, with how long ago it was pushed. */
export interface SeedImage {
  tag: string;
  daysAgo: number;
  sizeBytes: number;
}

/** A target group's ARN and the weight it gets. */
interface WeightedGroup {
  arn: string;
  weight: number;
}

/** Builds a world as a client would, one call after another. */
export interface SeedBuilder {
  /** Oldest first. Answers the reference of a tag with its digest. */
  pushImages(repository: string, images: readonly SeedImage[]): (tag: string) => string;
  logGroup(name: string): Promise<void>;
  cluster(name: string): Promise<void>;
  targetGroup(
    name: string,
    port: number,
    targetType?: "ip" | "instance",
    addressType?: "ipv4" | "ipv6",
  ): Promise<string>;
  loadBalancer(name: string): Promise<string>;
  /** Its ARN. Its default action forwards to the groups; null answers 404, where rules decide. */
  listener(loadBalancerArn: string, port: number, groups: readonly WeightedGroup[] | null): Promise<string>;
  /** The ARN of a listener's default rule. */
  defaultRule(listenerArn: string): Promise<string>;
  /** A rule for every path, before the default one; its ARN. */
  rule(listenerArn: string, groups: readonly WeightedGroup[]): Promise<string>;
  taskDefinition(workload: Workload, image: string, slot?: "blue" | "green"): Promise<string>;
  /** Its tasks behind the target group, replaced by rolling updates. */
  rollingService(workload: Workload, name: string, taskDefinition: string, targetGroupArn: string): Promise<void>;
  /** Traffic moved by ECS itself between the two groups. */
  nativeService(workload: Workload, service: SeedNativeService): Promise<void>;
  /** Task sets and traffic moved by CodeDeploy. */
  codeDeployService(workload: Workload, service: SeedCodeDeployService): Promise<void>;
  /** Tasks wanted, to be run by task sets. */
  externalService(workload: Workload, name: string): Promise<void>;
  taskSet(workload: Workload, service: string, set: SeedTaskSet): Promise<void>;
}

const NOT_FOUND: Elb.Action = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } };

/** A service with one of ECS's own strategies. */
interface SeedNativeService {
  name: string;
  taskDefinition: string;
  groups: { blue: string; green: string };
  productionRule: string;
  testRule?: string;
  configuration: Ecs.DeploymentConfiguration;
}

/** A service of the CODE_DEPLOY controller, with the deployment group that is called after it. */
interface SeedCodeDeployService {
  name: string;
  taskDefinition: string;
  targetGroupArn: string;
  group: Omit<CodeDeploy.CreateDeploymentGroupInput, "applicationName" | "deploymentGroupName" | "serviceRoleArn">;
}

/** One side of an external service, at full scale. */
interface SeedTaskSet {
  slot: "blue" | "green";
  taskDefinition: string;
  targetGroupArn: string;
  isPrimary: boolean;
}

const DAY_MS = 86_400_000;
const GRACE_SECONDS = 30;

/** A builder of one world. */
export function createSeedBuilder({ clock, place }: SandboxBase, ports: SeedPorts): SeedBuilder {
  const call = createCaller();
  const network = { awsvpcConfiguration: { subnets: SEED_SUBNETS, securityGroups: [SEED_SECURITY_GROUPS.tasks] } };
  const balancers = (workload: Workload, targetGroupArn: string): Ecs.LoadBalancer[] => [
    { targetGroupArn, containerName: workload.name, containerPort: workload.port },
  ];

  return {
    pushImages(repository, images) {
      const digests = new Map(
        images.map(({ tag, daysAgo, sizeBytes }) => {
          const pushedAt = new Date(clock.now() - daysAgo * DAY_MS);
          return [tag, ports.ecr.push({ repository, tag, pushedAt, sizeBytes })];
        }),
      );
      return (tag) => `${ports.ecr.host}/${repository}:${tag}@${digests.get(tag)}`;
    },

    async logGroup(name) {
      await call(ports.logs, "CreateLogGroup", { logGroupName: name });
      await call(ports.logs, "PutRetentionPolicy", { logGroupName: name, retentionInDays: 30 });
    },

    async cluster(name) {
      await call(ports.ecs, "CreateCluster", { clusterName: name });
    },

    async targetGroup(name, port, targetType = "ip", addressType = "ipv4") {
      const input: Elb.CreateTargetGroupInput = {
        Name: name,
        Protocol: "HTTP",
        Port: port,
        VpcId: "vpc-0a1b2c3d4e5f60001",
        TargetType: targetType,
        IpAddressType: addressType,
        HealthCheckPath: "/actuator/health",
        HealthCheckIntervalSeconds: 5,
        HealthCheckTimeoutSeconds: 2,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 2,
        Matcher: { HttpCode: "200" },
      };
      const output = await call<Elb.CreateTargetGroupOutput>(ports.elb, "CreateTargetGroup", input);
      const arn = output.TargetGroups?.[0]?.TargetGroupArn ?? "";
      // AWS's 300 s would make every replaced task stay for five minutes.
      const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "15" }];
      await call(ports.elb, "ModifyTargetGroupAttributes", { TargetGroupArn: arn, Attributes });
      return arn;
    },

    async loadBalancer(name) {
      const input: Elb.CreateLoadBalancerInput = {
        Name: name,
        Subnets: SEED_SUBNETS,
        SecurityGroups: [SEED_SECURITY_GROUPS.loadBalancer],
        Scheme: "internet-facing",
        Type: "application",
      };
      const created = await call<Elb.CreateLoadBalancerOutput>(ports.elb, "CreateLoadBalancer", input);
      return created.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
    },

    async listener(loadBalancerArn, port, groups) {
      const input: Elb.CreateListenerInput = {
        LoadBalancerArn: loadBalancerArn,
        Protocol: "HTTP",
        Port: port,
        DefaultActions: [groups ? forwardTo(groups) : NOT_FOUND],
      };
      const { Listeners } = await call<Elb.CreateListenerOutput>(ports.elb, "CreateListener", input);
      return Listeners?.[0]?.ListenerArn ?? "";
    },

    async defaultRule(listenerArn) {
      const { Rules } = await call<Elb.DescribeRulesOutput>(ports.elb, "DescribeRules", { ListenerArn: listenerArn });
      return Rules?.at(-1)?.RuleArn ?? "";
    },

    async rule(listenerArn, groups) {
      const input: Elb.CreateRuleInput = {
        ListenerArn: listenerArn,
        Priority: 10,
        Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
        Actions: [forwardTo(groups)],
      };
      const { Rules } = await call<Elb.CreateRuleOutput>(ports.elb, "CreateRule", input);
      return Rules?.[0]?.RuleArn ?? "";
    },

    async taskDefinition(workload, image, slot) {
      const output = await call<Ecs.RegisterTaskDefinitionResponse>(
        ports.ecs,
        "RegisterTaskDefinition",
        seedTaskDefinition(place, workload, image, slot),
      );
      return output.taskDefinition?.taskDefinitionArn ?? "";
    },

    async rollingService(workload, name, taskDefinition, targetGroupArn) {
      const input: Ecs.CreateServiceRequest = {
        cluster: workload.cluster,
        serviceName: name,
        taskDefinition,
        desiredCount: workload.tasks,
        launchType: workload.onInstances ? "EC2" : "FARGATE",
        healthCheckGracePeriodSeconds: GRACE_SECONDS,
        deploymentConfiguration: {
          maximumPercent: 200,
          minimumHealthyPercent: 100,
          deploymentCircuitBreaker: { enable: true, rollback: false },
        },
        ...(workload.onInstances ? {} : { networkConfiguration: network }),
        loadBalancers: balancers(workload, targetGroupArn),
      };
      await call(ports.ecs, "CreateService", input);
    },

    async nativeService(workload, { name, taskDefinition, groups, productionRule, testRule, configuration }) {
      const advancedConfiguration = {
        alternateTargetGroupArn: groups.green,
        productionListenerRule: productionRule,
        testListenerRule: testRule,
        roleArn: `arn:aws:iam::${place.accountId}:role/ecs-infrastructure`,
      };
      const loadBalancers = balancers(workload, groups.blue).map((one) => ({ ...one, advancedConfiguration }));
      const { cluster } = workload;
      // A create runs the stages as well: pauses and bakes come with an update, which starts no deployment.
      const atOnce = { strategy: "BLUE_GREEN", bakeTimeInMinutes: 0 } as const;
      const input: Ecs.CreateServiceRequest = {
        cluster,
        serviceName: name,
        taskDefinition,
        desiredCount: workload.tasks,
        launchType: "FARGATE",
        healthCheckGracePeriodSeconds: GRACE_SECONDS,
        deploymentConfiguration: atOnce,
        networkConfiguration: network,
        loadBalancers,
      };
      await call(ports.ecs, "CreateService", input);
      await call(ports.ecs, "UpdateService", { cluster, service: name, deploymentConfiguration: configuration });
    },

    async codeDeployService(workload, { name, taskDefinition, targetGroupArn, group }) {
      const { cluster } = workload;
      const input: Ecs.CreateServiceRequest = {
        cluster,
        serviceName: name,
        taskDefinition,
        desiredCount: workload.tasks,
        launchType: "FARGATE",
        healthCheckGracePeriodSeconds: GRACE_SECONDS,
        deploymentController: { type: "CODE_DEPLOY" },
        networkConfiguration: network,
        loadBalancers: balancers(workload, targetGroupArn),
      };
      await call(ports.ecs, "CreateService", input);
      const applicationName = workload.name;
      await call(ports.codedeploy, "CreateApplication", { applicationName, computePlatform: "ECS" });
      await call(ports.codedeploy, "CreateDeploymentGroup", {
        ...group,
        applicationName,
        deploymentGroupName: `${workload.name}-group`,
        serviceRoleArn: `arn:aws:iam::${place.accountId}:role/codedeploy`,
        deploymentStyle: { deploymentType: "BLUE_GREEN", deploymentOption: "WITH_TRAFFIC_CONTROL" },
        ecsServices: [{ clusterName: cluster, serviceName: name }],
      });
    },

    async externalService({ cluster, tasks }, name) {
      const input: Ecs.CreateServiceRequest = {
        cluster,
        serviceName: name,
        desiredCount: tasks,
        healthCheckGracePeriodSeconds: GRACE_SECONDS,
        deploymentController: { type: "EXTERNAL" },
      };
      await call(ports.ecs, "CreateService", input);
    },

    async taskSet(workload, service, { slot, taskDefinition, targetGroupArn, isPrimary }) {
      const here = { cluster: workload.cluster, service };
      const input: Ecs.CreateTaskSetRequest = {
        ...here,
        taskDefinition,
        externalId: `switchyard:${slot}`,
        launchType: "FARGATE",
        networkConfiguration: network,
        loadBalancers: balancers(workload, targetGroupArn),
        scale: { value: 100, unit: "PERCENT" },
      };
      const { taskSet } = await call<Ecs.CreateTaskSetResponse>(ports.ecs, "CreateTaskSet", input);
      if (isPrimary) await call(ports.ecs, "UpdateServicePrimaryTaskSet", { ...here, primaryTaskSet: taskSet?.id });
    },
  };
}

function forwardTo(groups: readonly WeightedGroup[]): Elb.Action {
  const TargetGroups = groups.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight }));
  return { Type: "forward", ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } } };
}

type Caller = <Output>(service: SimulatedService, operation: string, input: object) => Promise<Output>;

/** Calls operations of simulated services as a client would. */
export function createCaller(): Caller {
  const signal = new AbortController().signal;
  return async <Output>(service: SimulatedService, operation: string, input: object) => {
    const handler = service.operations[operation];
    if (!handler) throw new Error(`The seed needs ${service.name} ${operation}, which is not simulated`);
    // Safe because the table holds the handler of exactly this operation.
    return (await handler(input, { requestId: "00000000-0000-0000-0000-000000000000", signal })) as Output;
  };
}
