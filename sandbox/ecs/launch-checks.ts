import type {
  CapacityProviderStrategyItem,
  LaunchType,
  NetworkConfiguration,
  PlacementConstraint,
  PlacementStrategy,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../service.ts";
import { invalidParameter, lastPart } from "./arns.ts";
import type { RegisteredTaskDefinition } from "./world.ts";

const MAX_SUBNETS = 16;
const MAX_SECURITY_GROUPS = 5;
/** Of Linux tasks: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-fargate.html, 1.0.0 and older not listed there. */
const PLATFORM_VERSIONS = ["LATEST", "1.4.0", "1.3.0"];
/** Every account has these two, and here every cluster is associated with them. */
export const FARGATE_PROVIDERS: readonly string[] = ["FARGATE", "FARGATE_SPOT"];

/** Where tasks are to run, of a service, a task set or a task. */
export interface Launch {
  launchType?: LaunchType;
  capacityProviderStrategy?: CapacityProviderStrategyItem[];
  platformVersion?: string;
  networkConfiguration?: NetworkConfiguration;
  placementConstraints?: PlacementConstraint[];
  placementStrategy?: PlacementStrategy[];
}

/**
 * Refuses what cannot go together about where tasks run. Words that public reports do not quote (how many subnets and groups
 * there may be) follow those for load balancers.
 * @throws AwsError InvalidParameterException, PlatformUnknownException, PlatformTaskDefinitionIncompatibilityException
 */
export function checkLaunch(launch: Launch, taskDefinition: RegisteredTaskDefinition): void {
  const { launchType, capacityProviderStrategy = [], platformVersion } = launch;
  if (launchType && capacityProviderStrategy.length > 0)
    throw invalidParameter(
      "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
    );
  checkCapacity(capacityProviderStrategy);
  const isFargate = launchType === "FARGATE" || capacityProviderStrategy.length > 0;
  if (launchType === "FARGATE") checkLaunchType(launchType, taskDefinition);
  if (platformVersion !== undefined && !isFargate)
    throw invalidParameter("The platform version must be null when specifying an EC2 launch type.");
  if (platformVersion !== undefined && !PLATFORM_VERSIONS.includes(platformVersion))
    throw new AwsError("PlatformUnknownException", "The specified platform does not exist.");
  if (isFargate && launch.placementConstraints?.length)
    throw invalidParameter("Placement constraints are not supported with FARGATE launch type.");
  if (isFargate && launch.placementStrategy?.length)
    throw invalidParameter("Placement strategies are not supported with FARGATE launch type.");
  checkNetwork(launch.networkConfiguration, taskDefinition);
  if (!isFargate && launch.networkConfiguration?.awsvpcConfiguration?.assignPublicIp === "ENABLED")
    throw invalidParameter("Assign public IP is not supported for this launch type.");
}

function checkCapacity(strategy: readonly CapacityProviderStrategyItem[]): void {
  if (strategy.length === 0) return;
  const unknown = strategy.find(({ capacityProvider = "" }) => !FARGATE_PROVIDERS.includes(lastPart(capacityProvider)));
  if (unknown) throw invalidParameter(unknownProvider(unknown.capacityProvider ?? ""));
  if (strategy.filter(({ base = 0 }) => base > 0).length > 1)
    throw invalidParameter(
      "There are multiple capacity providers in the specified capacity provider strategy with a base value defined. Only one capacity provider in a capacity provider strategy can have a base defined.",
    );
  // Without a weight the API means 0.
  if (!strategy.some(({ weight = 0 }) => weight > 0))
    throw invalidParameter(
      "There are no capacity providers in the capacity provider strategy with a weight value greater than zero. Specify a weight value greater than 0 for at least one capacity provider and try again.",
    );
}

/** Refuses a launch type that the task definition was not found to suit when it was registered. */
function checkLaunchType(launchType: LaunchType | undefined, taskDefinition: RegisteredTaskDefinition): void {
  if (launchType === "FARGATE" && !taskDefinition.definition.compatibilities?.includes(launchType))
    throw invalidParameter(`Task definition does not support launch_type ${launchType}.`);
}

/** Refuses a network configuration that does not fit the task definition's network mode, or that names no subnets or groups. */
function checkNetwork(
  networkConfiguration: NetworkConfiguration | undefined,
  taskDefinition: RegisteredTaskDefinition,
): void {
  const isAwsvpc = taskDefinition.definition.networkMode === "awsvpc";
  if (isAwsvpc && !networkConfiguration?.awsvpcConfiguration)
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  if (!isAwsvpc && networkConfiguration)
    throw invalidParameter("Network Configuration is not valid for the given networkMode of this task definition.");
  if (!isAwsvpc) return;
  const { subnets = [], securityGroups = [] } = networkConfiguration?.awsvpcConfiguration ?? {};
  if (subnets.length === 0) throw invalidParameter("subnets can not be empty.");
  if (subnets.length > MAX_SUBNETS) throw invalidParameter(`subnets can have at most ${MAX_SUBNETS} items.`);
  if (securityGroups.length > MAX_SECURITY_GROUPS)
    throw invalidParameter(`security groups can have at most ${MAX_SECURITY_GROUPS} items.`);
  const malformed = (what: string, id: string, prefix: string, code: string) =>
    invalidParameter(
      `Error retrieving ${what} information for [${id}]: Invalid id: "${id}" (expecting "${prefix}...") (ErrorCode: ${code})`,
    );
  for (const id of subnets)
    if (!id.startsWith("subnet-")) throw malformed("subnet", id, "subnet-", "InvalidSubnetID.Malformed");
  for (const id of securityGroups)
    if (!id.startsWith("sg-")) throw malformed("security group", id, "sg-", "InvalidGroupId.Malformed");
}

/** AWS's words for a capacity provider that is not there. */
export function unknownProvider(name: string): string {
  return `The specified capacity provider '${name}' was not found. Specify a valid name or ARN and try again.`;
}
