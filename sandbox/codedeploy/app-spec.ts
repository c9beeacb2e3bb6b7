import { createHash } from "node:crypto";
import type { RevisionLocation } from "@aws-sdk/client-codedeploy";
import type { CreateTaskSetRequest } from "@aws-sdk/client-ecs";
import { parse } from "yaml";
import { AwsError } from "../service.ts";

/** What an AppSpec asks ECS for, and the function of each lifecycle event. */
export interface AppSpec {
  taskDefinition: string;
  containerName: string;
  containerPort: number;
  platformVersion?: string;
  networkConfiguration?: CreateTaskSetRequest["networkConfiguration"];
  capacityProviderStrategy?: CreateTaskSetRequest["capacityProviderStrategy"];
  hooks: ReadonlyMap<string, string>;
}

const HOOKS: ReadonlySet<string> = new Set([
  "BeforeInstall",
  "AfterInstall",
  "AfterAllowTestTraffic",
  "BeforeAllowTraffic",
  "AfterAllowTraffic",
]);

const invalid = (message: string) => new AwsError("InvalidRevisionException", message);

type Parsed = Record<string, unknown>;

const isObject = (value: unknown): value is Parsed =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads the AppSpec of a revision, JSON or YAML. Assumption: AWS's words about an AppSpec that makes no sense.
 * @throws RevisionRequiredException, InvalidRevisionException
 */
export function readAppSpec(revision: RevisionLocation | undefined): AppSpec {
  if (!revision?.revisionType) throw new AwsError("RevisionRequiredException", "Revision is required");
  if (revision.revisionType !== "AppSpecContent") throw invalid("This sandbox reads AppSpecContent revisions only");
  const { content, sha256 } = revision.appSpecContent ?? {};
  if (!content) throw invalid("The AppSpec content is required");
  if (sha256 !== undefined && sha256 !== createHash("sha256").update(content).digest("hex"))
    throw invalid("The SHA256 hash of the AppSpec content does not match");
  const document = parseText(content);
  const properties = findProperties(document);
  const { TaskDefinition, LoadBalancerInfo, PlatformVersion, NetworkConfiguration, CapacityProviderStrategy } =
    properties;
  const balancer = isObject(LoadBalancerInfo) ? LoadBalancerInfo : {};
  const { ContainerName, ContainerPort } = balancer;
  if (typeof TaskDefinition !== "string" || TaskDefinition === "") throw invalid("The AppSpec names no TaskDefinition");
  if (typeof ContainerName !== "string" || !Number.isInteger(Number(ContainerPort)))
    throw invalid("The AppSpec names no ContainerName and ContainerPort");
  return {
    taskDefinition: TaskDefinition,
    containerName: ContainerName,
    containerPort: Number(ContainerPort),
    platformVersion: typeof PlatformVersion === "string" ? PlatformVersion : undefined,
    networkConfiguration: readNetwork(NetworkConfiguration),
    capacityProviderStrategy: readCapacity(CapacityProviderStrategy),
    hooks: readHooks(document.Hooks),
  };
}

function parseText(content: string): Parsed {
  let document: unknown;
  try {
    document = parse(content);
  } catch {
    throw invalid("The AppSpec content is neither JSON nor YAML");
  }
  if (!isObject(document) || Number(document.version) !== 0) throw invalid("The AppSpec version must be 0.0");
  return document;
}

function findProperties({ Resources }: Parsed): Parsed {
  const resources: unknown[] = Array.isArray(Resources) ? Resources : [];
  const [named] = resources;
  const [resource] = isObject(named) ? Object.values(named) : [];
  if (
    resources.length !== 1 ||
    !isObject(resource) ||
    resource.Type !== "AWS::ECS::Service" ||
    !isObject(resource.Properties)
  )
    throw invalid("The AppSpec must have one resource of the type AWS::ECS::Service");
  return resource.Properties;
}

function readNetwork(value: unknown): AppSpec["networkConfiguration"] {
  const awsvpc = isObject(value) ? value.AwsvpcConfiguration : undefined;
  if (!isObject(awsvpc)) return undefined;
  return {
    awsvpcConfiguration: {
      subnets: texts(awsvpc.Subnets),
      securityGroups: texts(awsvpc.SecurityGroups),
      assignPublicIp: awsvpc.AssignPublicIp === "ENABLED" ? "ENABLED" : "DISABLED",
    },
  };
}

function readCapacity(value: unknown): AppSpec["capacityProviderStrategy"] {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.filter(isObject).map((one) => ({
    capacityProvider: String(one.CapacityProvider),
    base: Number(one.Base ?? 0),
    weight: Number(one.Weight ?? 0),
  }));
}

function readHooks(value: unknown): ReadonlyMap<string, string> {
  const hooks = new Map<string, string>();
  for (const entry of Array.isArray(value) ? value : [])
    for (const [event, target] of Object.entries(isObject(entry) ? entry : {})) {
      if (!HOOKS.has(event))
        throw invalid(`The AppSpec has a hook for ${event}, which is no lifecycle event with hooks`);
      hooks.set(event, String(target));
    }
  return hooks;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
