import type * as Ecs from "@aws-sdk/client-ecs";
import type { SandboxBase } from "./service.ts";

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
}

/** What a client registers for it; with its side in the environment where each side has a family of its own. */
export function seedTaskDefinition(
  place: SandboxBase["place"],
  workload: Workload,
  image: string,
  slot: "blue" | "green" | undefined,
): Ecs.RegisterTaskDefinitionRequest {
  const parameters = `arn:aws:ssm:${place.region}:${place.accountId}:parameter/${workload.name}`;
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
          { name: "DATABASE_PASSWORD", valueFrom: `${parameters}/db/password` },
        ],
        stopTimeout: 30,
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": workload.logGroup,
            "awslogs-region": place.region,
            "awslogs-stream-prefix": "ecs",
          },
        },
      },
    ],
  };
}
