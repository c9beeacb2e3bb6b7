import type * as Ecs from "@aws-sdk/client-ecs";
import { secretArn } from "./secretsmanager/secret-arn.ts";
import type { SandboxBase } from "./service.ts";

/** Applications whose database's password is in Secrets Manager; those of the others are in Parameter Store. */
export const PASSWORDS_AS_SECRETS: ReadonlySet<string> = new Set(["payments"]);

/** What the tasks of an application have in common. */
export interface Workload {
  /** Of the container, and of its parameters and roles. */
  name: string;
  cluster: string;
  family: string;
  repository: string;
  logGroup: string;
  port: number;
  /** How many each side runs. */
  tasks: number;
  /** One of Fargate's pairs of CPU units and MiB. */
  size: { cpu: string; memory: string };
  /** On EC2 instances whose network they share; on Fargate when left out. */
  onInstances?: "bridge" | "host";
  /** Whether its target groups are of IPv6 addresses. */
  isIpv6?: boolean;
  /** How its lines go to its log group: by awslogs with a prefix when left out. */
  logs?: "no-prefix" | "firelens";
  /** Another Region that they go to. */
  logRegion?: string;
}

/** How tasks of a seeded world differ from those on Fargate with awslogs. */
export interface TaskShape {
  network?: "bridge" | "host" | "ipv6";
  logs?: Workload["logs"];
  logRegion?: string;
}

/** The workload in another shape. */
export function shaped(workload: Workload, { network, logs, logRegion }: TaskShape): Workload {
  return {
    ...workload,
    ...(network === "ipv6" ? { isIpv6: true } : network ? { onInstances: network } : {}),
    ...(logs ? { logs } : {}),
    ...(logRegion ? { logRegion } : {}),
  };
}

/** What a client registers for it; with its side in the environment where each side has a family of its own. */
export function seedTaskDefinition(
  place: SandboxBase["place"],
  workload: Workload,
  image: string,
  slot: "blue" | "green" | undefined,
): Ecs.RegisterTaskDefinitionRequest {
  const parameters = `arn:aws:ssm:${place.region}:${place.accountId}:parameter/${workload.name}`;
  const password = PASSWORDS_AS_SECRETS.has(workload.name)
    ? secretArn(place, `${workload.name}/db/password`)
    : `${parameters}/db/password`;
  const roles = `arn:aws:iam::${place.accountId}:role`;
  return {
    family: workload.family,
    networkMode: workload.onInstances ?? "awsvpc",
    requiresCompatibilities: [workload.onInstances ? "EC2" : "FARGATE"],
    ...workload.size,
    executionRoleArn: `${roles}/${workload.name}-task-execution`,
    taskRoleArn: `${roles}/${workload.name}-task`,
    containerDefinitions: [
      {
        name: workload.name,
        image,
        essential: true,
        portMappings: [
          {
            containerPort: workload.port,
            hostPort: workload.onInstances === "bridge" ? 0 : workload.port,
            protocol: "tcp",
          },
        ],
        environment: [
          ...(slot ? [{ name: "SLOT", value: slot }] : []),
          { name: "SPRING_PROFILES_ACTIVE", value: "production" },
          { name: "JAVA_TOOL_OPTIONS", value: "-XX:MaxRAMPercentage=75" },
        ],
        secrets: [
          { name: "DATABASE_URL", valueFrom: `${parameters}/db/url` },
          { name: "DATABASE_USERNAME", valueFrom: `${parameters}/db/username` },
          { name: "DATABASE_PASSWORD", valueFrom: password },
        ],
        stopTimeout: 30,
        logConfiguration: logConfigurationOf(place, workload),
      },
      ...(workload.logs === "firelens" ? [logRouter(image)] : []),
    ],
  };
}

function logConfigurationOf(
  place: SandboxBase["place"],
  { logGroup, logs, logRegion }: Workload,
): Ecs.LogConfiguration {
  const region = logRegion ?? place.region;
  if (logs === "firelens")
    return {
      logDriver: "awsfirelens",
      options: { Name: "cloudwatch_logs", region, log_group_name: logGroup, log_stream_prefix: "app/" },
    };
  const prefix: Record<string, string> = logs === "no-prefix" ? {} : { "awslogs-stream-prefix": "ecs" };
  return { logDriver: "awslogs", options: { "awslogs-group": logGroup, "awslogs-region": region, ...prefix } };
}

/** First to start and last to stop. Any image serves: the sandbox runs the container behind the load balancer alone. */
function logRouter(image: string): Ecs.ContainerDefinition {
  return {
    name: "log_router",
    image,
    essential: true,
    memoryReservation: 50,
    firelensConfiguration: { type: "fluentbit" },
  };
}
