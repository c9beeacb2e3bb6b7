import { createHmac, randomBytes } from "node:crypto";
import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  type Tag,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import {
  type ContainerSummary,
  findMainContainer,
  type TaskDefinitionSummary,
} from "../domain/observation/task-definition.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { AwsFailure, missingFailure } from "./errors.ts";

/** A copy of a task definition with another image in one container, and a tag to find it again by. */
interface NewRevision {
  /** ARN, family or family:revision that is copied. */
  from: string;
  /** The container that gets the image; null means the main one. */
  container: string | null;
  image: string;
  tag: { key: string; value: string };
}

/** Task definitions in our words. Registered ones never change, so each is read once a process. */
export interface TaskDefinitions {
  get(arn: string, priority: Priority): Promise<TaskDefinitionSummary>;
  /** The same with its status as it is now ("ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"); null when there is none. */
  inspect(reference: string, priority: Priority): Promise<{ summary: TaskDefinitionSummary; status: string } | null>;
  /** What `register` would make, without making it; `arn` is null. */
  plan(revision: Omit<NewRevision, "tag">, priority: Priority): Promise<TaskDefinitionSummary>;
  /** Copies every registrable field and tag exactly and changes only the image. */
  register(revision: NewRevision, priority: Priority): Promise<{ requestId: string | null; arn: string }>;
  /** The newest active revision of the family that carries the tag; looks at the newest ten. Null when none does. */
  findByTag(family: string, tag: { key: string; value: string }, priority: Priority): Promise<string | null>;
}

const KEPT = 1000;
const NEWEST_LOOKED_AT = 10;
/** Keyed with a key of this process, so that a fingerprint says "changed" and nothing about the value. */
const FINGERPRINT_KEY = randomBytes(32);

/** Task definitions through the SDK's client. */
export function createTaskDefinitions(client: ECSClient, call: Caller): TaskDefinitions {
  const summaries = new Map<string, TaskDefinitionSummary>();

  async function readDefinition(taskDefinition: string, priority: Priority) {
    const output = await call(
      {
        service: "ecs",
        operation: "DescribeTaskDefinition",
        family: "ecs-definition-read",
        priority,
        effect: "read",
      },
      (abortSignal) =>
        client.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ["TAGS"] }), { abortSignal }),
    );
    if (!output.taskDefinition) throw missing(taskDefinition);
    return { definition: output.taskDefinition, tags: output.tags ?? [] };
  }

  async function planned(revision: Omit<NewRevision, "tag">, priority: Priority) {
    const { definition, tags } = await readDefinition(revision.from, priority);
    const main = findMainContainer(toSummary(definition), revision.container);
    if (!main)
      throw new AwsFailure({
        code: "ContainerNotFound",
        message: `${definition.family} has no container ${revision.container ?? "at all"}`,
        kind: "invalid",
        retryable: false,
        requestId: null,
        service: "ecs",
        operation: "DescribeTaskDefinition",
        isOutcomeUnknown: false,
      });
    const containerDefinitions = (definition.containerDefinitions ?? []).map((container) =>
      container.name === main.name ? { ...container, image: revision.image } : container,
    );
    return { definition: { ...definition, containerDefinitions }, tags };
  }

  return {
    async get(arn, priority) {
      const known = summaries.get(arn);
      if (known) return known;
      const summary = toSummary((await readDefinition(arn, priority)).definition);
      // Family names move on to newer revisions; only ARNs stay what they are.
      if (summary.arn === arn) {
        if (summaries.size >= KEPT) summaries.delete(summaries.keys().next().value ?? "");
        summaries.set(arn, summary);
      }
      return summary;
    },

    async inspect(reference, priority) {
      try {
        const { definition } = await readDefinition(reference, priority);
        return { summary: toSummary(definition), status: definition.status ?? "ACTIVE" };
      } catch (error) {
        // ECS answers a reference that it does not know with no more than a ClientException.
        if (error instanceof AwsFailure && (error.kind === "missing" || error.code === "ClientException")) return null;
        throw error;
      }
    },

    async plan(revision, priority) {
      return { ...toSummary((await planned(revision, priority)).definition), arn: null };
    },

    async register(revision, priority) {
      const { definition, tags } = await planned(revision, priority);
      const output = await call(
        {
          service: "ecs",
          operation: "RegisterTaskDefinition",
          family: "ecs-definition-modify",
          priority,
          effect: "write",
        },
        (abortSignal) =>
          client.send(new RegisterTaskDefinitionCommand(registrable(definition, withTag(tags, revision.tag))), {
            abortSignal,
          }),
      );
      const arn = output.taskDefinition?.taskDefinitionArn;
      if (!arn) throw missing(revision.from);
      return { requestId: output.$metadata.requestId ?? null, arn };
    },

    async findByTag(family, tag, priority) {
      const output = await call(
        {
          service: "ecs",
          operation: "ListTaskDefinitions",
          family: "ecs-definition-read",
          priority,
          effect: "read",
        },
        (abortSignal) =>
          client.send(
            new ListTaskDefinitionsCommand({
              familyPrefix: family,
              status: "ACTIVE",
              sort: "DESC",
              maxResults: NEWEST_LOOKED_AT,
            }),
            { abortSignal },
          ),
      );
      const answers = await Promise.all((output.taskDefinitionArns ?? []).map((arn) => readDefinition(arn, priority)));
      const match = answers.find(({ tags }) => tags.some((t) => t.key === tag.key && t.value === tag.value));
      return match?.definition.taskDefinitionArn ?? null;
    },
  };
}

/** What only a registered definition has, and RegisterTaskDefinition does not take. */
export const REGISTRABLE_WITHOUT = [
  "taskDefinitionArn",
  "revision",
  "status",
  "requiresAttributes",
  "compatibilities",
  "registeredAt",
  "deregisteredAt",
  "deleteRequestedAt",
  "registeredBy",
] as const satisfies readonly (keyof TaskDefinition)[];

/** Everything RegisterTaskDefinition takes, as it stands. */
function registrable(definition: TaskDefinition, tags: Tag[]): RegisterTaskDefinitionCommandInput {
  const { family, containerDefinitions, ...rest } = definition;
  for (const name of REGISTRABLE_WITHOUT) delete rest[name];
  return { ...rest, family, containerDefinitions, tags };
}

/** AWS refuses tags of its own prefix from anybody else. */
function withTag(tags: readonly Tag[], tag: { key: string; value: string }): Tag[] {
  return [...tags.filter((t) => !t.key?.startsWith("aws:") && t.key !== tag.key), tag];
}

function missing(taskDefinition: string): AwsFailure {
  return missingFailure(
    "ecs",
    "DescribeTaskDefinition",
    "TaskDefinitionNotFound",
    `There is no task definition ${taskDefinition}`,
  );
}

function toSummary(definition: TaskDefinition): TaskDefinitionSummary {
  return {
    arn: definition.taskDefinitionArn ?? null,
    family: definition.family ?? "",
    cpu: definition.cpu ?? null,
    memory: definition.memory ?? null,
    networkMode: definition.networkMode ?? null,
    taskRoleArn: definition.taskRoleArn ?? null,
    executionRoleArn: definition.executionRoleArn ?? null,
    containers: (definition.containerDefinitions ?? []).map(toContainerSummary),
  };
}

function toContainerSummary(container: ContainerDefinition): ContainerSummary {
  const log = container.logConfiguration;
  const isAwslogs = log?.logDriver === "awslogs";
  return {
    name: container.name ?? "",
    image: container.image ?? "",
    essential: container.essential ?? true,
    cpu: container.cpu ?? null,
    memory: container.memory ?? container.memoryReservation ?? null,
    ports: (container.portMappings ?? []).map((port) => `${port.containerPort}/${port.protocol ?? "tcp"}`),
    environment: (container.environment ?? []).map(({ name, value }) => ({
      name: name ?? "",
      fingerprint: createHmac("sha256", FINGERPRINT_KEY)
        .update(value ?? "")
        .digest("base64url")
        .slice(0, 16),
    })),
    secrets: (container.secrets ?? []).map(({ name, valueFrom }) => ({ name: name ?? "", valueFrom: valueFrom ?? "" })),
    logGroup: (isAwslogs && log.options?.["awslogs-group"]) || null,
    logStreamPrefix: (isAwslogs && log.options?.["awslogs-stream-prefix"]) || null,
  };
}
