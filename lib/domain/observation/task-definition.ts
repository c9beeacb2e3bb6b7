import { isOrderField } from "./order-field.ts";
import type { TaskDefinitionField } from "./task-definition-fields.ts";

/** What pages and logs need of a container; the rest is among the task definition's fields. */
export interface ContainerSummary {
  name: string;
  image: string;
  essential: boolean;
  logGroup: string | null;
  logStreamPrefix: string | null;
  /** The stream's name with `{task}` and `{runtime}` for the ids of task and container runtime; null where nothing tells it. */
  logStream?: string | null;
  /** Where its lines go to; left out where its driver does not name a Region. */
  logRegion?: string;
  /** Ports that it takes of its instance, in network mode host; left out in others, where its task tells them. */
  hostPorts?: number[];
}

export interface TaskDefinitionSummary {
  /** ARN, or null while it is only planned. */
  arn: string | null;
  family: string;
  cpu: string | null;
  memory: string | null;
  containers: ContainerSummary[];
}

/** A task definition with every field that AWS answered; values of environment variables are never carried. */
export interface TaskDefinitionReading extends TaskDefinitionSummary {
  fields: readonly TaskDefinitionField[];
  /** What its tasks run on as images name it, "linux/arm64"; null where the instances decide. */
  platform: string | null;
}

/** One line of the diff: a field's path in words, before and after (null: absent). */
export interface TaskDefinitionChange {
  field: string;
  before: string | null;
  after: string | null;
}

/** The container that gets a new image: the named one, else the only one, else the only essential one. Null when none is. */
export function findMainContainer(
  definition: Pick<TaskDefinitionSummary, "containers">,
  name: string | null,
): ContainerSummary | null {
  if (name !== null) return definition.containers.find((container) => container.name === name) ?? null;
  const essential = definition.containers.filter((container) => container.essential);
  const [only = null, ...others] = definition.containers.length === 1 ? definition.containers : essential;
  return others.length === 0 ? only : null;
}

/**
 * Every field that differs between two task definitions, in the order of the newer one, those that it lacks last. Empty exactly
 * when the two are equal. Values that must not be shown read "set" before and "changed" after.
 */
export function diffTaskDefinitions(
  before: Pick<TaskDefinitionReading, "fields"> | null,
  after: Pick<TaskDefinitionReading, "fields">,
): TaskDefinitionChange[] {
  const was = new Map(before?.fields.map((field) => [field.field, field]));
  const is = new Map(after.fields.map((field) => [field.field, field]));
  const changes: TaskDefinitionChange[] = [];
  for (const field of new Set([...is.keys(), ...was.keys()])) {
    const [a, b] = [was.get(field), is.get(field)];
    if (a?.text === b?.text && a?.fingerprint === b?.fingerprint) continue;
    const [before, after] = toldApart(a ? (a.text ?? "set") : null, b ? (b.text ?? (a ? "changed" : "set")) : null);
    changes.push({ field, before, after: before === after ? "changed" : after });
  }
  const others = changes.filter((change) => !isOrderField(change));
  return others.length > 0 || !before ? others : changes;
}

/** Two texts that look alike, by their spaces or by characters that nobody sees, as programs write them. */
function toldApart(before: string | null, after: string | null): [string | null, string | null] {
  if (before === null || after === null || before === after || !looksAlike(before, after)) return [before, after];
  return [escaped(before), escaped(after)];
}

function looksAlike(a: string, b: string): boolean {
  const seen = (text: string) => text.normalize("NFKC").replaceAll(/[\s\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, "");
  return seen(a) === seen(b);
}

function escaped(text: string): string {
  return JSON.stringify(text).replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
