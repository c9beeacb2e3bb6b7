import {
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { say } from "../domain/sentence/sentence.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { chunks } from "./chunks.ts";
import { describeContainerInstances } from "./container-instances.ts";
import { type AwsFailure, missingFailure } from "./errors.ts";
import { type ServiceReading, toServiceReading } from "./service-reading.ts";
import { type TaskReading, toTaskReading } from "./task-reading.ts";

/** ECS's services and tasks in our words, batched to the API's maxima. */
export interface Ecs {
  /** By service name; what is missing is a failure of kind "missing" under its name. */
  describeServices(
    cluster: string,
    names: readonly string[],
    priority: Priority,
  ): Promise<Map<string, ServiceReading | AwsFailure>>;
  /** ARNs of the cluster's or one service's tasks, at most `maxPages` pages of 100; `isComplete` is false when there are more. */
  listTasks(
    request: { cluster: string; service?: string; desiredStatus: "RUNNING" | "STOPPED"; maxPages?: number },
    priority: Priority,
  ): Promise<{ arns: string[]; pages: number; isComplete: boolean }>;
  /** Tasks that AWS no longer knows are left out. */
  describeTasks(cluster: string, arns: readonly string[], priority: Priority): Promise<TaskReading[]>;
  /** EC2 instance ids by container instance ARN; those that AWS no longer knows are left out. */
  describeContainerInstances(
    cluster: string,
    arns: readonly string[],
    priority: Priority,
  ): Promise<Map<string, string>>;
  /** Changes only what is given. Answers AWS's request id. */
  updateService(
    request: { cluster: string; service: string; taskDefinition?: string; desired?: number },
    priority: Priority,
  ): Promise<{ requestId: string | null; service: ServiceReading | null }>;
}

const SERVICES_A_CALL = 10;
const TASKS_A_CALL = 100;

/** ECS through the SDK's client. */
export function createEcs(client: ECSClient, call: Caller): Ecs {
  return {
    async describeServices(cluster, names, priority) {
      const found = new Map<string, ServiceReading | AwsFailure>();
      await Promise.all(
        chunks([...new Set(names)], SERVICES_A_CALL).map(async (services) => {
          const output = await call(
            { service: "ecs", operation: "DescribeServices", family: "ecs-service-read", priority, effect: "read" },
            (abortSignal) => client.send(new DescribeServicesCommand({ cluster, services }), { abortSignal }),
          );
          for (const service of output.services ?? []) {
            const reading = toServiceReading(service);
            found.set(reading.name, reading);
          }
          for (const name of services)
            if (!found.has(name)) {
              const reason = output.failures?.find((f) => f.arn === name || f.arn?.endsWith(`/${name}`))?.reason;
              found.set(name, missingService(cluster, name, reason ?? "MISSING"));
            }
        }),
      );
      return found;
    },

    async listTasks({ cluster, service, desiredStatus, maxPages = 10 }, priority) {
      const arns: string[] = [];
      let nextToken: string | undefined;
      let pages = 0;
      do {
        const output = await call(
          { service: "ecs", operation: "ListTasks", family: "ecs-resource-read", priority, effect: "read" },
          (abortSignal) =>
            client.send(
              new ListTasksCommand({ cluster, serviceName: service, desiredStatus, nextToken, maxResults: 100 }),
              { abortSignal },
            ),
        );
        arns.push(...(output.taskArns ?? []));
        nextToken = output.nextToken;
        pages += 1;
      } while (nextToken && pages < maxPages);
      return { arns, pages, isComplete: !nextToken };
    },

    async describeTasks(cluster, arns, priority) {
      const answers = await Promise.all(
        chunks(arns, TASKS_A_CALL).map((tasks) =>
          call(
            { service: "ecs", operation: "DescribeTasks", family: "ecs-resource-read", priority, effect: "read" },
            (abortSignal) => client.send(new DescribeTasksCommand({ cluster, tasks }), { abortSignal }),
          ),
        ),
      );
      return answers.flatMap((output) => (output.tasks ?? []).map(toTaskReading));
    },

    describeContainerInstances: (cluster, arns, priority) =>
      describeContainerInstances(client, call, { cluster, arns, priority }),

    async updateService({ cluster, service, taskDefinition, desired }, priority) {
      const output = await call(
        { service: "ecs", operation: "UpdateService", family: "ecs-service-modify", priority, effect: "write" },
        (abortSignal) =>
          client.send(new UpdateServiceCommand({ cluster, service, taskDefinition, desiredCount: desired }), {
            abortSignal,
          }),
      );
      return {
        requestId: output.$metadata.requestId ?? null,
        service: output.service ? toServiceReading(output.service) : null,
      };
    },
  };
}

function missingService(cluster: string, name: string, reason: string): AwsFailure {
  return missingFailure("ecs", "DescribeServices", reason, say("awsError.noService", { name, cluster }));
}
