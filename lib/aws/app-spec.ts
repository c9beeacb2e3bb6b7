import { parse } from "yaml";

/** What an AppSpec for ECS says that is looked at here; everything else of it is kept as it is. */
export interface AppSpec {
  /** As written: ARN, or family and revision. */
  taskDefinition: string;
  /** Lambda function (name or ARN) by lifecycle event. */
  hooks: Readonly<Record<string, string>>;
}

type Parsed = Record<string, unknown>;

/** Reads an AppSpec, JSON or YAML; null for one that names no ECS service. */
export function readAppSpec(content: string): AppSpec | null {
  const document = parseDocument(content);
  const taskDefinition = document && propertiesOf(document)?.TaskDefinition;
  if (typeof taskDefinition !== "string") return null;
  const hooks: unknown[] = Array.isArray(document?.Hooks) ? document.Hooks : [];
  const named = hooks.flatMap((entry) => (isObject(entry) ? Object.entries(entry) : []));
  return {
    taskDefinition,
    hooks: Object.fromEntries(
      named.flatMap(([event, target]) => (typeof target === "string" ? [[event, target]] : [])),
    ),
  };
}

/** The same AppSpec with another task definition, as JSON: hooks, network and the rest stay. Null for one that names no ECS service. */
export function withTaskDefinition(content: string, taskDefinition: string): string | null {
  const document = parseDocument(content);
  const properties = document && propertiesOf(document);
  if (!properties) return null;
  properties.TaskDefinition = taskDefinition;
  return JSON.stringify(document);
}

/** An AppSpec for a service that was never deployed by CodeDeploy: ECS takes the rest from the service. */
export function newAppSpec(taskDefinition: string, container: { name: string; port: number }): string {
  const Properties = {
    TaskDefinition: taskDefinition,
    LoadBalancerInfo: { ContainerName: container.name, ContainerPort: container.port },
  };
  return JSON.stringify({ version: 0.0, Resources: [{ TargetService: { Type: "AWS::ECS::Service", Properties } }] });
}

function parseDocument(content: string): Parsed | null {
  try {
    const document: unknown = parse(content);
    return isObject(document) ? document : null;
  } catch {
    return null;
  }
}

function propertiesOf({ Resources }: Parsed): Parsed | null {
  const [named] = Array.isArray(Resources) ? (Resources as unknown[]) : [];
  const [resource] = isObject(named) ? Object.values(named) : [];
  if (!isObject(resource) || resource.Type !== "AWS::ECS::Service") return null;
  return isObject(resource.Properties) ? resource.Properties : null;
}

function isObject(value: unknown): value is Parsed {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
