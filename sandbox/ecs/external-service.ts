import type { CreateServiceRequest, UpdateServiceRequest } from "@aws-sdk/client-ecs";
import { invalidParameter } from "./arns.ts";
import type { Service } from "./world.ts";

/** What belongs to task sets, with AWS's name for it in refusals. */
const OF_TASK_SETS = {
  taskDefinition: "TaskDefinition",
  loadBalancers: "Load balancers",
  networkConfiguration: "Network configuration",
  launchType: "Launch type",
  platformVersion: "Platform version",
  serviceRegistries: "Service registries",
  capacityProviderStrategy: "Capacity provider strategy",
} as const satisfies Partial<Record<keyof CreateServiceRequest, string>>;

/** Everything UpdateService takes of a service with task sets. */
const UPDATABLE: ReadonlySet<string> = new Set([
  "cluster",
  "service",
  "desiredCount",
  "healthCheckGracePeriodSeconds",
  "placementConstraints",
  "placementStrategy",
  "enableECSManagedTags",
  "propagateTags",
] satisfies (keyof UpdateServiceRequest)[]);

const IN_WORDS: Readonly<Record<string, string>> = {
  taskDefinition: "update task definition",
  networkConfiguration: "update network parameters",
  loadBalancers: "update load balancers",
  platformVersion: "update platform version",
  forceNewDeployment: "force a new deployment",
};

/** Refuses to create a service of the EXTERNAL controller with anything that belongs to its task sets. */
export function checkExternalService(input: CreateServiceRequest): void {
  for (const [name, words] of Object.entries(OF_TASK_SETS)) {
    const value = input[name as keyof typeof OF_TASK_SETS];
    const isBlank = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
    if (!isBlank) throw invalidParameter(`${words} must be blank.`);
  }
}

/** Takes desired count, grace period, placement and tag settings; refuses everything else, as AWS does. */
export function updateTaskSetService(service: Service, input: UpdateServiceRequest): void {
  const isExternal = service.settings.deploymentController?.type === "EXTERNAL";
  const refusal = isExternal
    ? "on services with an EXTERNAL deployment controller."
    : "on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.";
  const isUpdatable = (name: string) => UPDATABLE.has(name) || (!isExternal && name === "deploymentConfiguration");
  const given = Object.entries(input).filter(([, value]) => value !== undefined && value !== false);
  for (const [name] of given) {
    if (isUpdatable(name)) continue;
    const verb = IN_WORDS[name] ?? `update ${name}`;
    throw invalidParameter(
      name === "forceNewDeployment" ? `Cannot ${verb} ${refusal}` : `Unable to ${verb} ${refusal}`,
    );
  }
  const { cluster: _cluster, service: _service, desiredCount, ...settings } = input;
  for (const [name, value] of Object.entries(settings))
    if (isUpdatable(name) && value !== undefined) service.settings = { ...service.settings, [name]: value };
  if (desiredCount !== undefined && desiredCount !== service.desiredCount) {
    service.desiredCount = desiredCount;
    service.isSteady = false;
  }
}
