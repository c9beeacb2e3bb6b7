import { createHmac, randomBytes } from "node:crypto";
import {
  DescribeTaskDefinitionCommand,
  type ECSClient,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { taskPlatform } from "../domain/observation/image-platform.ts";
import {
  type ContainerSummary,
  findMainContainer,
  type TaskDefinitionReading,
} from "../domain/observation/task-definition.ts";
import { REGISTERED_ONLY, taskDefinitionFields } from "../domain/observation/task-definition-fields.ts";
import { listSaid } from "../domain/sentence/list.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { type DefinitionNeeds, definitionNeeds } from "./definition-needs.ts";
import { AwsFailure, missingFailure } from "./errors.ts";
import { logDestinationOf } from "./log-destination.ts";
import { isObject, type JsonObject, keepAnswer, sendExactly } from "./raw-json.ts";

/** A copy of a task definition with another image in one container, and a tag to find it again by. */
interface NewRevision {
  /** ARN, family or family:revision that is copied. */
  from: string;
  /** The container that gets the image; null means the main one. */
  container: string | null;
  /** Further containers that get it. */
  containers?: readonly string[];
  image: string;
  tag: { key: string; value: string };
}

/** What of a task definition decides whether a service can run it. */
export interface DefinitionFit {
  networkMode: string;
  /** The launch types that AWS says it can be run with; empty where it does not say. */
  compatibilities: readonly string[];
  /** Container ports by container. */
  ports: ReadonlyMap<string, readonly number[]>;
}

/** Task definitions in our words. Registered ones never change, so each is read once a process. */
export interface TaskDefinitions {
  get(arn: string, priority: Priority): Promise<TaskDefinitionReading>;
  /** The same with its status as it is now ("ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"); null when there is none. */
  inspect(
    reference: string,
    priority: Priority,
  ): Promise<{ summary: TaskDefinitionReading; status: string; fit: DefinitionFit; needs: DefinitionNeeds } | null>;
  /** What `register` would make, without making it; `arn` is null. */
  plan(revision: Omit<NewRevision, "tag">, priority: Priority): Promise<TaskDefinitionReading>;
  /** Copies every registrable field and tag exactly and changes only the image. */
  register(revision: NewRevision, priority: Priority): Promise<{ requestId: string | null; arn: string }>;
  /** The newest active revision of the family that carries the tag; looks at the newest ten. Null when none does. */
  findByTag(family: string, tag: { key: string; value: string }, priority: Priority): Promise<string | null>;
}

/** Marks the task definitions that a deployment registered. RegisterTaskDefinition knows no client token. */
export const DEPLOYMENT_TAG = "switchyard:deployment";

const KEPT = 1000;
const NEWEST_LOOKED_AT = 10;
/** Keyed with a key of this process, so that a fingerprint says "changed" and nothing about the value. */
const FINGERPRINT_KEY = randomBytes(32);

/** Task definitions through the SDK's client. */
export function createTaskDefinitions(client: ECSClient, call: Caller): TaskDefinitions {
  const summaries = new Map<string, TaskDefinitionReading>();

  async function readDefinition(taskDefinition: string, priority: Priority) {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition, include: ["TAGS"] });
    const answer = keepAnswer(command);
    await call(
      {
        service: "ecs",
        operation: "DescribeTaskDefinition",
        family: "ecs-definition-read",
        priority,
        effect: "read",
      },
      (abortSignal) => client.send(command, { abortSignal }),
    );
    const { taskDefinition: raw, tags } = answer();
    if (!isObject(raw)) throw missing(taskDefinition);
    return { raw, tags: Array.isArray(tags) ? tags.filter(isObject) : [] };
  }

  async function planned(revision: Omit<NewRevision, "tag">, priority: Priority) {
    const { raw, tags } = await readDefinition(revision.from, priority);
    const reading = toReading(raw, tags);
    const main = findMainContainer(reading, revision.container);
    const names = [...(main ? [main.name] : []), ...(revision.containers ?? [])];
    const absent = names.find((name) => !reading.containers.some((container) => container.name === name));
    if (!main || absent !== undefined)
      throw new AwsFailure({
        code: "ContainerNotFound",
        message: noContainer(reading, absent ?? revision.container),
        kind: "invalid",
        retryable: false,
        requestId: null,
        service: "ecs",
        operation: "DescribeTaskDefinition",
        isOutcomeUnknown: false,
      });
    const containers = Array.isArray(raw.containerDefinitions) ? raw.containerDefinitions : [];
    const containerDefinitions = containers.map((container: unknown) =>
      isObject(container) && names.some((name) => name === container.name)
        ? { ...container, image: revision.image }
        : container,
    );
    const copy: JsonObject = { ...raw, containerDefinitions };
    return { raw: copy, tags };
  }

  return {
    async get(arn, priority) {
      const known = summaries.get(arn);
      if (known) return known;
      const { raw, tags } = await readDefinition(arn, priority);
      const summary = toReading(raw, tags);
      // Family names move on to newer revisions; only ARNs stay what they are.
      if (summary.arn === arn) {
        if (summaries.size >= KEPT) summaries.delete(summaries.keys().next().value ?? "");
        summaries.set(arn, summary);
      }
      return summary;
    },

    async inspect(reference, priority) {
      try {
        const { raw, tags } = await readDefinition(reference, priority);
        const status = textOf(raw.status) ?? "ACTIVE";
        return { summary: toReading(raw, tags), status, fit: toFit(raw), needs: definitionNeeds(raw) };
      } catch (error) {
        // ECS answers a reference that it does not know with no more than a ClientException.
        if (error instanceof AwsFailure && (error.kind === "missing" || error.code === "ClientException")) return null;
        throw error;
      }
    },

    async plan(revision, priority) {
      const { raw, tags } = await planned(revision, priority);
      return { ...toReading(raw, tags), arn: null };
    },

    async register(revision, priority) {
      const { raw, tags } = await planned(revision, priority);
      // What the command itself holds only says what is sent to this SDK's checks.
      const command = new RegisterTaskDefinitionCommand({ family: textOf(raw.family) ?? "", containerDefinitions: [] });
      sendExactly(command, registrable(raw, withTag(tags, revision.tag)));
      const output = await call(
        {
          service: "ecs",
          operation: "RegisterTaskDefinition",
          family: "ecs-definition-modify",
          priority,
          effect: "write",
        },
        (abortSignal) => client.send(command, { abortSignal }),
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
      return textOf(match?.raw.taskDefinitionArn);
    },
  };
}

/** Everything RegisterTaskDefinition takes, as it stands, also what this SDK's model does not know. */
function registrable(raw: JsonObject, tags: readonly JsonObject[]): JsonObject {
  const left: ReadonlySet<string> = new Set(REGISTERED_ONLY);
  return { ...Object.fromEntries(Object.entries(raw).filter(([member]) => !left.has(member))), tags };
}

/** AWS refuses tags of its own prefix from anybody else. */
function withTag(tags: readonly JsonObject[], tag: { key: string; value: string }): JsonObject[] {
  const isOurs = ({ key }: JsonObject) => typeof key === "string" && !key.startsWith("aws:") && key !== tag.key;
  return [...tags.filter(isOurs), tag];
}

function noContainer({ family, containers }: TaskDefinitionReading, name: string | null): Sentence {
  if (name !== null) return say("awsError.containerMissing", { family, name });
  if (containers.length === 0) return say("awsError.containersMissing", { family });
  const essential = containers.filter((container) => container.essential).map((container) => container.name);
  return say("awsError.containersSeveral", { family, names: listSaid(essential, "and") });
}

function missing(taskDefinition: string): AwsFailure {
  return missingFailure(
    "ecs",
    "DescribeTaskDefinition",
    "TaskDefinitionNotFound",
    say("awsError.noTaskDefinition", { name: taskDefinition }),
  );
}

function toReading(raw: JsonObject, tags: readonly unknown[]): TaskDefinitionReading {
  const containers = Array.isArray(raw.containerDefinitions) ? raw.containerDefinitions.filter(isObject) : [];
  // Which deployment registered it differs between any two.
  const others = tags.filter((tag) => !(isObject(tag) && tag.key === DEPLOYMENT_TAG));
  return {
    arn: textOf(raw.taskDefinitionArn),
    family: textOf(raw.family) ?? "",
    cpu: textOf(raw.cpu),
    memory: textOf(raw.memory),
    containers: containers.map((container) => ({
      ...toContainerSummary(container),
      ...(raw.networkMode === "host" ? { hostPorts: containerPortsOf(container) } : {}),
    })),
    fields: taskDefinitionFields({ ...raw, tags: others }, fingerprint),
    platform: platformOf(raw),
  };
}

function platformOf({ runtimePlatform, requiresCompatibilities }: JsonObject): string | null {
  const { cpuArchitecture, operatingSystemFamily } = isObject(runtimePlatform) ? runtimePlatform : {};
  return taskPlatform({
    cpuArchitecture: textOf(cpuArchitecture),
    operatingSystemFamily: textOf(operatingSystemFamily),
    requiresFargate: Array.isArray(requiresCompatibilities) && requiresCompatibilities.includes("FARGATE"),
  });
}

function fingerprint(value: string): string {
  return createHmac("sha256", FINGERPRINT_KEY).update(value).digest("base64url").slice(0, 16);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function toFit(raw: JsonObject): DefinitionFit {
  const containers = Array.isArray(raw.containerDefinitions) ? raw.containerDefinitions.filter(isObject) : [];
  const compatibilities = Array.isArray(raw.compatibilities) ? raw.compatibilities : [];
  return {
    networkMode: textOf(raw.networkMode) ?? "bridge",
    compatibilities: compatibilities.filter((one) => typeof one === "string"),
    ports: new Map(containers.map((container) => [textOf(container.name) ?? "", containerPortsOf(container)])),
  };
}

/** In network mode host these are the host's, too. */
function containerPortsOf({ portMappings }: JsonObject): number[] {
  const mappings = Array.isArray(portMappings) ? portMappings.filter(isObject) : [];
  return mappings.flatMap(({ containerPort }) => (typeof containerPort === "number" ? containerPort : []));
}

function toContainerSummary(container: JsonObject): ContainerSummary {
  const log = isObject(container.logConfiguration) ? container.logConfiguration : {};
  const name = textOf(container.name) ?? "";
  return {
    name,
    image: textOf(container.image) ?? "",
    essential: container.essential !== false,
    ...logDestinationOf(name, textOf(log.logDriver), isObject(log.options) ? log.options : {}),
  };
}
