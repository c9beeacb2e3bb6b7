import type {
  CreateDeploymentConfigInput,
  DeploymentConfigInfo,
  TrafficRoutingConfig,
} from "@aws-sdk/client-codedeploy";
import { AwsError } from "../service.ts";
import type { CodedeployState } from "./codedeploy-state.ts";

const canary = (canaryPercentage: number, canaryInterval: number): TrafficRoutingConfig => ({
  type: "TimeBasedCanary",
  timeBasedCanary: { canaryPercentage, canaryInterval },
});
const linear = (linearPercentage: number, linearInterval: number): TrafficRoutingConfig => ({
  type: "TimeBasedLinear",
  timeBasedLinear: { linearPercentage, linearInterval },
});

/** The ones AWS brings for ECS; intervals are minutes. */
const PREDEFINED: Readonly<Record<string, TrafficRoutingConfig>> = {
  "CodeDeployDefault.ECSAllAtOnce": { type: "AllAtOnce" },
  "CodeDeployDefault.ECSLinear10PercentEvery1Minutes": linear(10, 1),
  "CodeDeployDefault.ECSLinear10PercentEvery3Minutes": linear(10, 3),
  "CodeDeployDefault.ECSCanary10Percent5Minutes": canary(10, 5),
  "CodeDeployDefault.ECSCanary10Percent15Minutes": canary(10, 15),
};

/** Every configuration's name, AWS's own first. */
export function configNames(state: CodedeployState): string[] {
  return [...Object.keys(PREDEFINED), ...state.configs.keys()];
}

/** @throws DeploymentConfigDoesNotExistException */
export function getConfig(state: CodedeployState, name: string): DeploymentConfigInfo {
  const predefined = PREDEFINED[name];
  if (predefined) return { deploymentConfigName: name, computePlatform: "ECS", trafficRoutingConfig: predefined };
  const found = state.configs.get(name);
  if (found) return found;
  throw new AwsError("DeploymentConfigDoesNotExistException", `No Deployment Configuration found for name: ${name}`);
}

/** Whether AWS brings a configuration of that name. */
export function isPredefined(name: string): boolean {
  return name.startsWith("CodeDeployDefault.");
}

/** Refuses what a configuration for ECS cannot have; that AWS refuses it, and in which words, is an assumption. */
export function checkForEcs({
  computePlatform,
  minimumHealthyHosts,
  zonalConfig,
}: Pick<CreateDeploymentConfigInput, "computePlatform" | "minimumHealthyHosts" | "zonalConfig">): void {
  if (computePlatform !== "ECS")
    throw new AwsError("InvalidComputePlatformException", "This sandbox has configurations of the platform ECS only");
  if (minimumHealthyHosts)
    throw new AwsError("InvalidMinimumHealthyHostValueException", "Minimum healthy hosts are not for the platform ECS");
  if (zonalConfig)
    throw new AwsError(
      "InvalidZonalDeploymentConfigurationException",
      "A zonal configuration is not for the platform ECS",
    );
}

/** A routing that could be followed. @throws InvalidTrafficRoutingConfigurationException */
export function checkRouting(routing: TrafficRoutingConfig | undefined): TrafficRoutingConfig {
  const { percent, minutes } = partsOf(routing);
  const isWhole = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
  const isFine = routing?.type === "AllAtOnce" || (isWhole(percent, 99) && isWhole(minutes, 2880));
  if (routing?.type && isFine) return routing;
  throw new AwsError("InvalidTrafficRoutingConfigurationException", "The traffic routing configuration is not valid");
}

function partsOf(routing: TrafficRoutingConfig | undefined): { percent: number; minutes: number } {
  const { timeBasedCanary, timeBasedLinear } = routing ?? {};
  return routing?.type === "TimeBasedCanary"
    ? { percent: timeBasedCanary?.canaryPercentage ?? 0, minutes: timeBasedCanary?.canaryInterval ?? 0 }
    : { percent: timeBasedLinear?.linearPercentage ?? 0, minutes: timeBasedLinear?.linearInterval ?? 0 };
}

/** Percent of the green side, step by step, and the minutes after each; the last step is 100. */
export function routingSteps(routing: TrafficRoutingConfig | undefined): { percent: number; minutes: number }[] {
  const { percent, minutes } = partsOf(routing);
  if (routing?.type === "TimeBasedCanary")
    return [
      { percent, minutes },
      { percent: 100, minutes: 0 },
    ];
  if (routing?.type !== "TimeBasedLinear") return [{ percent: 100, minutes: 0 }];
  const steps = [];
  for (let sum = percent; sum < 100; sum += percent) steps.push({ percent: sum, minutes });
  return [...steps, { percent: 100, minutes: 0 }];
}
