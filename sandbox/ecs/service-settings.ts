import type {
  DeploymentConfiguration,
  LaunchType,
  LoadBalancer,
  NetworkConfiguration,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../service.ts";
import { invalidParameter } from "./arns.ts";
import { completeNativeConfiguration } from "./native/native-settings.ts";
import type { EcsWorld, RegisteredTaskDefinition, ServiceSettings } from "./world.ts";

/**
 * Refuses load balancers ECS would refuse: unknown container or port, and, unless they are known to it already, a target group
 * that no load balancer uses.
 */
export function checkLoadBalancers(
  world: EcsWorld,
  loadBalancers: readonly LoadBalancer[],
  taskDefinition: RegisteredTaskDefinition,
  areNew = true,
): void {
  if (loadBalancers.length > 5) throw invalidParameter("load balancers can have at most 5 items.");
  const { networkMode = "bridge" } = taskDefinition.definition;
  for (const { targetGroupArn, containerName, containerPort } of loadBalancers) {
    if (!targetGroupArn) throw new AwsError("UnsupportedFeatureException", "Only target groups are supported here.");
    if (!containerName) throw invalidParameter("Container name cannot be blank.");
    const container = taskDefinition.definition.containerDefinitions?.find((one) => one.name === containerName);
    if (!container) throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
    if (!container.portMappings?.some((mapping) => mapping.containerPort === containerPort))
      throw invalidParameter(`The container ${containerName} did not have a container port ${containerPort} defined.`);
    const group = world.ports.targets.findTargetGroup(targetGroupArn);
    if (!group) throw invalidParameter(`The target group ${targetGroupArn} does not exist.`);
    const needed = networkMode === "awsvpc" ? "ip" : "instance";
    if (group.targetType !== needed)
      throw invalidParameter(
        `The provided target group ${targetGroupArn} has target type ${group.targetType}, which is incompatible with the ${networkMode} network mode specified in the task definition.`,
      );
    if (areNew && !group.isAssociated)
      throw invalidParameter(
        `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
      );
  }
}

/** A deployment configuration with AWS's defaults. @throws InvalidParameterException, UnsupportedFeatureException */
export function completeDeploymentConfiguration(
  configuration: DeploymentConfiguration | undefined,
  previous?: DeploymentConfiguration,
): DeploymentConfiguration {
  const merged = { ...previous, ...configuration };
  const { maximumPercent = 200, minimumHealthyPercent = 100, strategy = "ROLLING" } = merged;
  if (minimumHealthyPercent < 0 || maximumPercent < 0 || maximumPercent < minimumHealthyPercent)
    throw invalidParameter("maximumPercent must be greater than or equal to minimumHealthyPercent.");
  // AWS takes pause hooks there too; which stages a rolling deployment has could not be found out.
  if (strategy === "ROLLING" && configuration?.lifecycleHooks?.length)
    throw new AwsError(
      "UnsupportedFeatureException",
      "Lifecycle hooks of the deployment strategy ROLLING are not available in this sandbox.",
    );
  const complete = {
    ...merged,
    deploymentCircuitBreaker: merged.deploymentCircuitBreaker ?? { enable: false, rollback: false },
    maximumPercent,
    minimumHealthyPercent,
    strategy,
  };
  if (strategy === "ROLLING") return { ...complete, bakeTimeInMinutes: merged.bakeTimeInMinutes ?? 0 };
  return completeNativeConfiguration(complete);
}

/** Refuses settings that ECS refuses together: by the task definition's network mode, or without a load balancer. */
export function checkSettings(settings: ServiceSettings, taskDefinition: RegisteredTaskDefinition): void {
  if (settings.healthCheckGracePeriodSeconds && !settings.loadBalancers?.length)
    throw invalidParameter(
      "Health check grace period is only valid for services configured to use load balancers or VPC Lattice.",
    );
  checkLaunchType(settings.launchType, taskDefinition);
  checkNetwork(settings.networkConfiguration, taskDefinition);
}

/** Refuses a launch type that the task definition was not found to suit when it was registered. */
export function checkLaunchType(launchType: LaunchType | undefined, taskDefinition: RegisteredTaskDefinition): void {
  if (launchType === "FARGATE" && !taskDefinition.definition.compatibilities?.includes(launchType))
    throw invalidParameter(`Task definition does not support launch_type ${launchType}.`);
}

/** Refuses a network configuration that does not fit the task definition's network mode. */
export function checkNetwork(
  networkConfiguration: NetworkConfiguration | undefined,
  taskDefinition: RegisteredTaskDefinition,
): void {
  const isAwsvpc = taskDefinition.definition.networkMode === "awsvpc";
  if (isAwsvpc && !networkConfiguration?.awsvpcConfiguration)
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  if (!isAwsvpc && networkConfiguration)
    throw invalidParameter("Network Configuration is not valid for the given networkMode of this task definition.");
  if (isAwsvpc && networkConfiguration?.awsvpcConfiguration?.subnets?.length === 0)
    throw invalidParameter("subnets can not be empty.");
}

/** Members of UpdateService that make ECS start a new deployment when they differ; AWS names them one by one. */
const REDEPLOYING = [
  "networkConfiguration",
  "loadBalancers",
  "platformVersion",
  "serviceRegistries",
  "serviceConnectConfiguration",
  "volumeConfigurations",
] as const;

/** The settings after an update, and whether ECS deploys because of it. */
export function updatedSettings(
  settings: ServiceSettings,
  input: UpdateServiceRequest,
): { settings: ServiceSettings; needsDeployment: boolean } {
  const {
    cluster: _cluster,
    service: _service,
    taskDefinition: _definition,
    desiredCount: _count,
    forceNewDeployment: _force,
    deploymentConfiguration,
    ...changes
  } = input;
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const next: ServiceSettings = {
    ...settings,
    ...given,
    deploymentConfiguration: completeDeploymentConfiguration(deploymentConfiguration, settings.deploymentConfiguration),
  };
  const needsDeployment = REDEPLOYING.some(
    (name) => name in given && JSON.stringify(next[name]) !== JSON.stringify(settings[name]),
  );
  return { settings: next, needsDeployment };
}
