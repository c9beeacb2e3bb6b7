import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment as SdkServiceDeployment,
  type ServiceRevision as SdkServiceRevision,
  StopServiceDeploymentCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  AWS_DEPLOYMENT_STATUSES,
  type AwsDeploymentStatus,
  type AwsGate,
  type AwsPause,
} from "../domain/observation/aws-deployment.ts";
import { ALL_AT_ONCE, ROLLOUT_RANGES, type Rollout } from "../domain/observation/rollout.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { chunks } from "./chunks.ts";
import { pausesOf } from "./pauses.ts";

/** One service revision's share in a deployment; weights are percent, null where ECS does not tell them (rolling updates). */
interface RevisionShare {
  arn: string;
  requested: number;
  running: number;
  pending: number;
  productionWeight: number | null;
  testWeight: number | null;
}

/** One ECS service deployment as DescribeServiceDeployments tells it. Times are epoch ms. */
export interface ServiceDeploymentReading {
  arn: string;
  status: AwsDeploymentStatus;
  reason: string | null;
  stage: string | null;
  target: RevisionShare | null;
  sources: RevisionShare[];
  gates: AwsGate[];
  createdAt: number;
  startedAt: number | null;
  finishedAt: number | null;
  bakeMinutes: number | null;
  /** Null for rolling updates. */
  rollout: Rollout | null;
  /** By the deployment's own copy of the service's settings; null where ECS does not tell it. */
  pauses: AwsPause[] | null;
  /** Its circuit breaker or one of its alarms ended it, or a hook. */
  isFailed: boolean;
}

/** One service revision; `servesFrom` is told while it is ACTIVE only. */
export interface ServiceRevisionReading {
  arn: string;
  taskDefinition: string;
  /** ARNs of the target groups that its tasks are registered in, one for each load balancer entry; none where ECS does not say. */
  servesFrom: readonly string[];
  /** By container name. */
  digests: Readonly<Record<string, string>>;
}

/** What ECS's own deployments can be asked and told. */
export interface ServiceDeployments {
  /** ARNs of the newest deployments, newest first. Empty for some seconds after a write. */
  list(cluster: string, service: string, priority: Priority): Promise<string[]>;
  /** 20 a call; those that ECS no longer knows are left out. */
  describe(arns: readonly string[], priority: Priority): Promise<ServiceDeploymentReading[]>;
  /** 20 a call. */
  describeRevisions(arns: readonly string[], priority: Priority): Promise<ServiceRevisionReading[]>;
  /** Starts a deployment of the task definition; answers its ARN where ECS tells it at once. Not safe to repeat: ECS knows no client token. */
  start(
    request: { cluster: string; service: string; taskDefinition: string },
    priority: Priority,
  ): Promise<{ requestId: string | null; deployment: string | null }>;
  /** Answers a PAUSE hook. ECS refuses a hook id that no longer waits. */
  answer(
    request: { deployment: string; gate: string; action: "CONTINUE" | "ROLLBACK" },
    priority: Priority,
  ): Promise<{ requestId: string | null }>;
  /** Rolls it back; while that goes on already, ECS takes it as said. */
  rollBack(deployment: string, priority: Priority): Promise<{ requestId: string | null }>;
}

const ARNS_A_CALL = 20;
const NEWEST = 5;

/** ECS's service deployments through the SDK's client. */
export function createServiceDeployments(client: ECSClient, call: Caller): ServiceDeployments {
  const read = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "ecs", operation, family: "ecs-deployment-read", priority, effect: "read" }, send);
  const write = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "ecs", operation, family: "ecs-service-modify", priority, effect: "write" }, send);

  return {
    async list(cluster, service, priority) {
      const output = await read("ListServiceDeployments", priority, (abortSignal) =>
        client.send(new ListServiceDeploymentsCommand({ cluster, service, maxResults: NEWEST }), { abortSignal }),
      );
      return (output.serviceDeployments ?? []).flatMap((each) => each.serviceDeploymentArn ?? []);
    },
    async describe(arns, priority) {
      const outputs = await Promise.all(
        chunks(arns, ARNS_A_CALL).map((serviceDeploymentArns) =>
          read("DescribeServiceDeployments", priority, (abortSignal) =>
            client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns }), { abortSignal }),
          ),
        ),
      );
      return outputs.flatMap((output) => (output.serviceDeployments ?? []).map(toReading));
    },
    async describeRevisions(arns, priority) {
      const outputs = await Promise.all(
        chunks(arns, ARNS_A_CALL).map((serviceRevisionArns) =>
          read("DescribeServiceRevisions", priority, (abortSignal) =>
            client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns }), { abortSignal }),
          ),
        ),
      );
      return outputs.flatMap((output) => (output.serviceRevisions ?? []).map(toRevision));
    },
    async start(request, priority) {
      // The same task definition again starts nothing unless it is forced.
      const output = await write("UpdateService", priority, (abortSignal) =>
        client.send(new UpdateServiceCommand({ ...request, forceNewDeployment: true }), { abortSignal }),
      );
      return {
        requestId: output.$metadata.requestId ?? null,
        deployment: output.service?.currentServiceDeployment ?? null,
      };
    },
    async answer({ deployment, gate, action }, priority) {
      const input = { serviceDeploymentArn: deployment, hookId: gate, action } as const;
      const output = await write("ContinueServiceDeployment", priority, (abortSignal) =>
        client.send(new ContinueServiceDeploymentCommand(input), { abortSignal }),
      );
      return { requestId: output.$metadata.requestId ?? null };
    },
    async rollBack(serviceDeploymentArn, priority) {
      // ABORT is in the model and refused by ECS.
      const input = { serviceDeploymentArn, stopType: "ROLLBACK" } as const;
      const output = await write("StopServiceDeployment", priority, (abortSignal) =>
        client.send(new StopServiceDeploymentCommand(input), { abortSignal }),
      );
      return { requestId: output.$metadata.requestId ?? null };
    },
  };
}

function toReading(deployment: SdkServiceDeployment): ServiceDeploymentReading {
  const { targetServiceRevision: target, sourceServiceRevisions: sources = [] } = deployment;
  return {
    arn: deployment.serviceDeploymentArn ?? "",
    status: AWS_DEPLOYMENT_STATUSES.find((status) => status === deployment.status) ?? "IN_PROGRESS",
    reason: deployment.statusReason ?? null,
    stage: deployment.lifecycleStage ?? null,
    target: target ? toShare(target) : null,
    sources: sources.map(toShare),
    gates: (deployment.lifecycleHookDetails ?? []).map((hook) => ({
      id: hook.hookId ?? "",
      state: hook.status ?? "IN_PROGRESS",
      isForPeople: hook.targetType === "PAUSE",
      ...(hook.targetArn ? { target: hook.targetArn } : {}),
      expiresAt: hook.expiresAt?.getTime() ?? null,
      onExpiry: hook.timeoutAction ?? "ROLLBACK",
    })),
    createdAt: deployment.createdAt?.getTime() ?? 0,
    startedAt: deployment.startedAt?.getTime() ?? null,
    finishedAt: deployment.finishedAt?.getTime() ?? null,
    bakeMinutes: deployment.deploymentConfiguration?.bakeTimeInMinutes ?? null,
    rollout: toRollout(deployment.deploymentConfiguration),
    pauses: deployment.deploymentConfiguration ? pausesOf(deployment.deploymentConfiguration) : null,
    isFailed:
      [deployment.deploymentCircuitBreaker?.status, deployment.alarms?.status].includes("TRIGGERED") ||
      (deployment.lifecycleHookDetails ?? []).some(({ status }) => status === "FAILED"),
  };
}

/** ECS leaves out what its own default holds for. */
function toRollout(configuration: SdkServiceDeployment["deploymentConfiguration"]): Rollout | null {
  const { canaryConfiguration: canary, linearConfiguration: linear } = configuration ?? {};
  switch (configuration?.strategy) {
    case "BLUE_GREEN":
      return ALL_AT_ONCE;
    case "CANARY":
      return {
        strategy: "CANARY",
        percent: canary?.canaryPercent ?? ROLLOUT_RANGES.percent.usual,
        bakeMinutes: canary?.canaryBakeTimeInMinutes ?? ROLLOUT_RANGES.bakeMinutes.usual,
      };
    case "LINEAR":
      return {
        strategy: "LINEAR",
        stepPercent: linear?.stepPercent ?? ROLLOUT_RANGES.stepPercent.usual,
        stepBakeMinutes: linear?.stepBakeTimeInMinutes ?? ROLLOUT_RANGES.stepBakeMinutes.usual,
      };
    default:
      return null;
  }
}

function toShare(share: NonNullable<SdkServiceDeployment["targetServiceRevision"]>): RevisionShare {
  return {
    arn: share.arn ?? "",
    requested: share.requestedTaskCount ?? 0,
    running: share.runningTaskCount ?? 0,
    pending: share.pendingTaskCount ?? 0,
    productionWeight: share.requestedProductionTrafficWeight ?? null,
    testWeight: share.requestedTestTrafficWeight ?? null,
  };
}

function toRevision(revision: SdkServiceRevision): ServiceRevisionReading {
  return {
    arn: revision.serviceRevisionArn ?? "",
    taskDefinition: revision.taskDefinition ?? "",
    servesFrom: (revision.resolvedConfiguration?.loadBalancers ?? []).flatMap(
      ({ targetGroupArn = [] }) => targetGroupArn,
    ),
    digests: Object.fromEntries(
      (revision.containerImages ?? []).flatMap(({ containerName, imageDigest }) =>
        containerName && imageDigest ? [[containerName, imageDigest]] : [],
      ),
    ),
  };
}
