import type * as Ecs from "@aws-sdk/client-ecs";
import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { EcrSimulator } from "./ecr/ecr.ts";
import type { SandboxBase, SimulatedService } from "./service.ts";

/** What the seeded world is made with: the services' own API, and the registry's past. */
export interface SeedPorts {
  ecs: SimulatedService;
  elb: SimulatedService;
  logs: SimulatedService;
  ecr: EcrSimulator;
}

const CLUSTER = "library-management-cluster";
const REPOSITORY = "library-management-system";
const FAMILY = "library-management-task";
const LOG_GROUP = "/ecs/library-management-task";
const CONTAINER = "library";
const CONTAINER_PORT = 8081;
const SUBNETS = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
const SECURITY_GROUPS = ["sg-0a1b2c3d4e5f60001"];
const DAY_MS = 86_400_000;

/** Oldest first, with how long ago each was pushed. */
const IMAGES = [
  { tag: "1.0.0", daysAgo: 34, sizeBytes: 187_423_112 },
  { tag: "1.1.0", daysAgo: 6.2, sizeBytes: 188_002_764 },
  { tag: "1.2.0-unhealthy", daysAgo: 4.9, sizeBytes: 188_114_020 },
  { tag: "1.3.0-crash", daysAgo: 3.1, sizeBytes: 188_090_331 },
  { tag: "1.4.0-slow", daysAgo: 1.7, sizeBytes: 191_530_418 },
  { tag: "1.5.0-errors", daysAgo: 0.12, sizeBytes: 191_544_907 },
];

/** Builds the seeded world by calling the services as a client would; ECS starts the tasks afterwards on its own. */
export async function seedWorld({ clock, place }: SandboxBase, ports: SeedPorts): Promise<void> {
  const call = createCaller();
  const digests = new Map(
    IMAGES.map(({ tag, daysAgo, sizeBytes }) => {
      const pushedAt = new Date(clock.now() - daysAgo * DAY_MS);
      return [tag, ports.ecr.push({ repository: REPOSITORY, tag, pushedAt, sizeBytes })];
    }),
  );
  await call(ports.logs, "CreateLogGroup", { logGroupName: LOG_GROUP });
  await call(ports.logs, "PutRetentionPolicy", { logGroupName: LOG_GROUP, retentionInDays: 30 });
  await call(ports.ecs, "CreateCluster", { clusterName: CLUSTER });

  const targetGroups = { blue: await createTargetGroup("blue"), green: await createTargetGroup("green") };
  const loadBalancer: Elb.CreateLoadBalancerInput = {
    Name: "library-alb",
    Subnets: SUBNETS,
    SecurityGroups: SECURITY_GROUPS,
    Scheme: "internet-facing",
    Type: "application",
  };
  const created = await call<Elb.CreateLoadBalancerOutput>(ports.elb, "CreateLoadBalancer", loadBalancer);
  const loadBalancerArn = created.LoadBalancers?.[0]?.LoadBalancerArn;
  await createListener(80, { blue: 100, green: 0 });
  // The test listener shows the standby side, and keeps its targets in use, so that they are health-checked.
  await createListener(81, { blue: 0, green: 100 });

  for (const slot of ["blue", "green"] as const) await createService(slot);

  async function createTargetGroup(slot: "blue" | "green"): Promise<string> {
    const input: Elb.CreateTargetGroupInput = {
      Name: `library-${slot}-tg`,
      Protocol: "HTTP",
      Port: CONTAINER_PORT,
      VpcId: "vpc-0a1b2c3d4e5f60001",
      TargetType: "ip",
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
  }

  async function createListener(port: number, weights: { blue: number; green: number }): Promise<void> {
    const TargetGroups = [
      { TargetGroupArn: targetGroups.blue, Weight: weights.blue },
      { TargetGroupArn: targetGroups.green, Weight: weights.green },
    ];
    const ForwardConfig = { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } };
    const input: Elb.CreateListenerInput = {
      LoadBalancerArn: loadBalancerArn,
      Protocol: "HTTP",
      Port: port,
      DefaultActions: [{ Type: "forward", ForwardConfig }],
    };
    await call(ports.elb, "CreateListener", input);
  }

  async function createService(slot: "blue" | "green"): Promise<void> {
    const image = `${ports.ecr.host}/${REPOSITORY}:1.0.0@${digests.get("1.0.0")}`;
    const registered = await call<Ecs.RegisterTaskDefinitionResponse>(
      ports.ecs,
      "RegisterTaskDefinition",
      taskDefinition(slot, image),
    );
    const input: Ecs.CreateServiceRequest = {
      cluster: CLUSTER,
      serviceName: `library-${slot}-service`,
      taskDefinition: registered.taskDefinition?.taskDefinitionArn,
      desiredCount: 2,
      launchType: "FARGATE",
      healthCheckGracePeriodSeconds: 30,
      deploymentConfiguration: {
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        deploymentCircuitBreaker: { enable: true, rollback: false },
      },
      networkConfiguration: { awsvpcConfiguration: { subnets: SUBNETS, securityGroups: SECURITY_GROUPS } },
      loadBalancers: [{ targetGroupArn: targetGroups[slot], containerName: CONTAINER, containerPort: CONTAINER_PORT }],
    };
    await call(ports.ecs, "CreateService", input);
  }

  function taskDefinition(slot: "blue" | "green", image: string): Ecs.RegisterTaskDefinitionRequest {
    const parameters = `arn:aws:ssm:${place.region}:${place.accountId}:parameter/library`;
    const roles = `arn:aws:iam::${place.accountId}:role`;
    return {
      family: FAMILY,
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "512",
      memory: "1024",
      executionRoleArn: `${roles}/library-task-execution`,
      taskRoleArn: `${roles}/library-task`,
      containerDefinitions: [
        {
          name: CONTAINER,
          image,
          essential: true,
          portMappings: [{ containerPort: CONTAINER_PORT, hostPort: CONTAINER_PORT, protocol: "tcp" }],
          environment: [
            { name: "SLOT", value: slot },
            { name: "SPRING_PROFILES_ACTIVE", value: "production" },
            { name: "JAVA_TOOL_OPTIONS", value: "-XX:MaxRAMPercentage=75" },
          ],
          secrets: [
            { name: "DATABASE_URL", valueFrom: `${parameters}/database-url` },
            { name: "DATABASE_PASSWORD", valueFrom: `${parameters}/database-password` },
          ],
          stopTimeout: 30,
          logConfiguration: {
            logDriver: "awslogs",
            options: {
              "awslogs-group": LOG_GROUP,
              "awslogs-region": place.region,
              "awslogs-stream-prefix": "ecs",
            },
          },
        },
      ],
    };
  }
}

type Caller = <Output>(service: SimulatedService, operation: string, input: object) => Promise<Output>;

function createCaller(): Caller {
  const signal = new AbortController().signal;
  return async <Output>(service: SimulatedService, operation: string, input: object) => {
    const handler = service.operations[operation];
    if (!handler) throw new Error(`The seed needs ${service.name} ${operation}, which is not simulated`);
    // Safe because the table holds the handler of exactly this operation.
    return (await handler(input, { requestId: "00000000-0000-0000-0000-000000000000", signal })) as Output;
  };
}
