import type {
  DeploymentConfiguration,
  LoadBalancer,
  PlacementStrategy,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../service.ts";
import { invalidParameter } from "./arns.ts";
import { checkLaunch } from "./launch-checks.ts";
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
  for (const { targetGroupArn, loadBalancerName, containerName, containerPort } of loadBalancers) {
    if (targetGroupArn && loadBalancerName)
      throw invalidParameter("loadBalancerName and targetGroupArn cannot both be specified.");
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

/** @throws InvalidParameterException when two entries name the same target group */
export function refuseSameGroups(loadBalancers: readonly LoadBalancer[]): void {
  const arns = loadBalancers.map(({ targetGroupArn }) => targetGroupArn);
  const twice = arns.find((arn, index) => arns.indexOf(arn) < index);
  if (twice) throw invalidParameter(`Duplicate targetGroupArn found: ${twice}`);
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
  // That nothing may run while it is deployed could never be deployed; the words are an assumption.
  if (maximumPercent === 0) throw invalidParameter("maximumPercent must be greater than 0.");
  if (minimumHealthyPercent > 100) throw invalidParameter("minimumHealthyPercent must be at most 100.");
  if (strategy === "ROLLING" && minimumHealthyPercent === 100 && maximumPercent === 100)
    throw invalidParameter(
      "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    );
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
  // A strategy stands in place of the launch type, which is kept for what starts tasks.
  const { launchType, capacityProviderStrategy } = settings;
  checkLaunch({ ...settings, launchType: capacityProviderStrategy?.length ? undefined : launchType }, taskDefinition);
  if (settings.enableExecuteCommand && !taskDefinition.definition.taskRoleArn)
    throw invalidParameter(
      "The service couldn't be created because a valid taskRoleArn is not being specified. Specify a valid task role in your task definition and try again.",
    );
  if (settings.role && taskDefinition.definition.networkMode === "awsvpc")
    throw invalidParameter("You cannot specify an IAM role for services that require a service linked role.");
  checkPlacement(settings.placementStrategy);
}

function checkPlacement(strategy: PlacementStrategy[] = []): void {
  for (const { type, field = "" } of strategy) {
    if (type === "binpack" && !["cpu", "memory"].includes(field.toLowerCase()))
      throw invalidParameter(`binpack field '${field}' is invalid.`);
    // Assumption: the words, after those above.
    if (type === "spread" && field === "") throw invalidParameter(`spread field '${field}' is invalid.`);
  }
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
