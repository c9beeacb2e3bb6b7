import {
  CreateTaskSetCommand,
  DeleteTaskSetCommand,
  type ECSClient,
  type TaskSet as SdkTaskSet,
  UpdateServicePrimaryTaskSetCommand,
  UpdateTaskSetCommand,
} from "@aws-sdk/client-ecs";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";

/** What a new task set takes over from another one, in the SDK's own shape and of no concern outside lib/aws. */
type TaskSetSettings = Pick<
  SdkTaskSet,
  | "networkConfiguration"
  | "loadBalancers"
  | "serviceRegistries"
  | "launchType"
  | "capacityProviderStrategy"
  | "platformVersion"
>;

/** One task set as ECS tells it with its service. */
export interface TaskSetReading {
  /** "ecs-svc/…", which its tasks name in `startedBy`. */
  id: string;
  /** "PRIMARY", "ACTIVE" or "DRAINING"; which of them is primary says nothing about traffic. */
  status: string;
  externalId: string | null;
  taskDefinition: string;
  /** Percent of the service's desired count. */
  scale: number;
  /** Tasks that this percentage comes to. */
  desired: number;
  running: number;
  pending: number;
  /** Right number of tasks, none on its way, every check passed. */
  isSteady: boolean;
  /** Epoch ms. */
  createdAt: number;
  /** The target groups that its tasks register with. */
  targetGroupArns: string[];
  settings: TaskSetSettings;
}

interface TaskSetKey {
  cluster: string;
  service: string;
  taskSet: string;
}

/** What a new task set is made from. */
export interface NewTaskSet {
  cluster: string;
  service: string;
  taskDefinition: string;
  externalId: string;
  /** Percent of the service's desired count. */
  scale: number;
  /** The task set that settings are copied from. */
  like: TaskSetReading;
  /** Its target group and the one that the new task set gets instead; the others of the two sides are left out. */
  targetGroup: { from: string; to: string };
  /** Up to 36 characters; the same token makes no second task set. */
  clientToken?: string;
}

/** Writes on task sets; they are read with their service. Each answers AWS's request id. */
export interface TaskSets {
  create(request: NewTaskSet, priority: Priority): Promise<{ requestId: string | null; id: string }>;
  scale(key: TaskSetKey, percent: number, priority: Priority): Promise<string | null>;
  /** Shows the task set's values as the service's own. Moves no traffic. */
  makePrimary(key: TaskSetKey, priority: Priority): Promise<string | null>;
  /** AWS refuses a primary task set, and one that is scaled above zero unless forced. */
  remove(key: TaskSetKey, options: { force: boolean }, priority: Priority): Promise<string | null>;
}

/** Task sets through the SDK's client. */
export function createTaskSets(client: ECSClient, call: Caller): TaskSets {
  const write = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "ecs", operation, family: "ecs-service-modify", priority, effect: "write" }, send);

  return {
    async create(request, priority) {
      const input = toCreateTaskSetInput(request);
      const output = await write("CreateTaskSet", priority, (abortSignal) =>
        client.send(new CreateTaskSetCommand(input), { abortSignal }),
      );
      return { requestId: output.$metadata.requestId ?? null, id: output.taskSet?.id ?? "" };
    },

    async scale(key, percent, priority) {
      const output = await write("UpdateTaskSet", priority, (abortSignal) =>
        client.send(new UpdateTaskSetCommand({ ...key, scale: percentScale(percent) }), { abortSignal }),
      );
      return output.$metadata.requestId ?? null;
    },

    async makePrimary({ cluster, service, taskSet }, priority) {
      const output = await write("UpdateServicePrimaryTaskSet", priority, (abortSignal) =>
        client.send(new UpdateServicePrimaryTaskSetCommand({ cluster, service, primaryTaskSet: taskSet }), {
          abortSignal,
        }),
      );
      return output.$metadata.requestId ?? null;
    },

    async remove(key, { force }, priority) {
      const output = await write("DeleteTaskSet", priority, (abortSignal) =>
        client.send(new DeleteTaskSetCommand({ ...key, force }), { abortSignal }),
      );
      return output.$metadata.requestId ?? null;
    },
  };
}

/** A task set out of DescribeServices or an answer to a write. */
export function toTaskSetReading(set: SdkTaskSet): TaskSetReading {
  return {
    id: set.id ?? "",
    status: set.status ?? "",
    externalId: set.externalId ?? null,
    taskDefinition: set.taskDefinition ?? "",
    scale: set.scale?.value ?? 0,
    desired: set.computedDesiredCount ?? 0,
    running: set.runningCount ?? 0,
    pending: set.pendingCount ?? 0,
    isSteady: set.stabilityStatus === "STEADY_STATE",
    createdAt: set.createdAt?.getTime() ?? 0,
    targetGroupArns: (set.loadBalancers ?? []).flatMap((lb) => (lb.targetGroupArn ? [lb.targetGroupArn] : [])),
    settings: {
      networkConfiguration: set.networkConfiguration,
      loadBalancers: set.loadBalancers,
      serviceRegistries: set.serviceRegistries,
      launchType: set.launchType,
      capacityProviderStrategy: set.capacityProviderStrategy,
      platformVersion: set.platformVersion,
    },
  };
}

/** What CreateTaskSet is asked. */
export function toCreateTaskSetInput({ like, targetGroup, scale, ...request }: NewTaskSet) {
  return { ...request, ...copied(like.settings, targetGroup), scale: percentScale(scale) };
}

/** AWS takes a launch type or a capacity provider strategy, never both. */
function copied(settings: TaskSetSettings, { from, to }: NewTaskSet["targetGroup"]): TaskSetSettings {
  const { launchType, capacityProviderStrategy, loadBalancers, ...rest } = settings;
  const hasStrategy = (capacityProviderStrategy?.length ?? 0) > 0;
  return {
    ...rest,
    ...(hasStrategy ? { capacityProviderStrategy } : { launchType }),
    loadBalancers: loadBalancers
      ?.filter((lb) => from === to || lb.targetGroupArn === from)
      .map((lb) => (lb.targetGroupArn === from ? { ...lb, targetGroupArn: to } : lb)),
  };
}

function percentScale(value: number) {
  return { value, unit: "PERCENT" } as const;
}
