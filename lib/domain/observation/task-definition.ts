/** What a person compares before a deploy; values of environment variables are never carried. */
export interface ContainerSummary {
  name: string;
  image: string;
  essential: boolean;
  cpu: number | null;
  memory: number | null;
  ports: string[];
  /** Names only: values may be secrets. A changed value shows as a changed fingerprint. */
  environment: { name: string; fingerprint: string }[];
  /** Secret name to the ARN or parameter name it comes from; never its value. */
  secrets: { name: string; valueFrom: string }[];
  logGroup: string | null;
  logStreamPrefix: string | null;
}

export interface TaskDefinitionSummary {
  /** ARN, or null while it is only planned. */
  arn: string | null;
  family: string;
  cpu: string | null;
  memory: string | null;
  networkMode: string | null;
  taskRoleArn: string | null;
  executionRoleArn: string | null;
  containers: ContainerSummary[];
}

/** One line of the diff: a field's path in words, before and after (null: absent). */
export interface TaskDefinitionChange {
  field: string;
  before: string | null;
  after: string | null;
}

/** The container that gets a new image: the named one, else the only one, else the first essential one. Null when there is none. */
export function findMainContainer(definition: TaskDefinitionSummary, name: string | null): ContainerSummary | null {
  if (name !== null) return definition.containers.find((container) => container.name === name) ?? null;
  return definition.containers.find((container) => container.essential) ?? definition.containers[0] ?? null;
}

/**
 * What differs between two task definitions, in the order a person reads them. Values of environment variables never show:
 * a changed one reads "set" before and "changed" after.
 */
export function diffTaskDefinitions(
  before: TaskDefinitionSummary | null,
  after: TaskDefinitionSummary,
): TaskDefinitionChange[] {
  const changes: TaskDefinitionChange[] = [];
  const compare = (field: string, a: string | null | undefined, b: string | null | undefined) => {
    if ((a ?? null) !== (b ?? null)) changes.push({ field, before: a ?? null, after: b ?? null });
  };
  compare("Family", before?.family, after.family);
  compare("CPU", before?.cpu, after.cpu);
  compare("Memory", before?.memory, after.memory);
  compare("Network mode", before?.networkMode, after.networkMode);
  compare("Task role", before?.taskRoleArn, after.taskRoleArn);
  compare("Execution role", before?.executionRoleArn, after.executionRoleArn);
  const names = union(
    before?.containers.map((c) => c.name),
    after.containers.map((c) => c.name),
  );
  for (const name of names) {
    const a = before?.containers.find((c) => c.name === name);
    const b = after.containers.find((c) => c.name === name);
    compare(`${name}: image`, a?.image, b?.image);
    compare(`${name}: essential`, yesNo(a?.essential), yesNo(b?.essential));
    compare(`${name}: CPU`, a?.cpu?.toString(), b?.cpu?.toString());
    compare(`${name}: memory`, a?.memory?.toString(), b?.memory?.toString());
    compare(`${name}: ports`, list(a?.ports), list(b?.ports));
    const environment = union(
      a?.environment.map((e) => e.name),
      b?.environment.map((e) => e.name),
    );
    for (const variable of environment) {
      const was = a?.environment.find((e) => e.name === variable);
      const is = b?.environment.find((e) => e.name === variable);
      if (was?.fingerprint !== is?.fingerprint)
        compare(`${name}: environment ${variable}`, was ? "set" : null, is ? (was ? "changed" : "set") : null);
    }
    const secrets = union(
      a?.secrets.map((s) => s.name),
      b?.secrets.map((s) => s.name),
    );
    for (const secret of secrets)
      compare(
        `${name}: secret ${secret}`,
        a?.secrets.find((s) => s.name === secret)?.valueFrom,
        b?.secrets.find((s) => s.name === secret)?.valueFrom,
      );
    compare(`${name}: log group`, a?.logGroup, b?.logGroup);
    compare(`${name}: log stream prefix`, a?.logStreamPrefix, b?.logStreamPrefix);
  }
  return changes;
}

function union(a: readonly string[] | undefined, b: readonly string[] | undefined): string[] {
  return [...new Set([...(a ?? []), ...(b ?? [])])];
}

function yesNo(value: boolean | undefined): string | null {
  return value === undefined ? null : value ? "yes" : "no";
}

function list(values: readonly string[] | undefined): string | null {
  return values && values.length > 0 ? values.join(", ") : null;
}
