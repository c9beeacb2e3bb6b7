import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";

/** How many tasks a rolling update may run at most and must keep healthy at least. AWS rounds the first down, the second up. */
export function taskLimits(
  desiredCount: number,
  configuration: DeploymentConfiguration,
): { minimum: number; maximum: number } {
  return {
    minimum: Math.ceil((desiredCount * (configuration.minimumHealthyPercent ?? 100)) / 100),
    maximum: Math.floor((desiredCount * (configuration.maximumPercent ?? 200)) / 100),
  };
}

/** How many failed tasks trip the circuit breaker: half of the desired count, at least 3, at most 200, unless set otherwise. */
export function circuitBreakerThreshold(desiredCount: number, configuration: DeploymentConfiguration): number {
  const { type = "BOUNDED_PERCENT", value = 50 } = configuration.deploymentCircuitBreaker?.thresholdConfiguration ?? {};
  if (type === "COUNT") return value;
  const share = Math.ceil((desiredCount * value) / 100);
  return type === "BOUNDED_PERCENT" ? Math.min(200, Math.max(3, share)) : Math.max(1, share);
}

/** AWS's longest pause between attempts to start a task. */
const LONGEST_BACK_OFF_MS = 15 * 60_000;

/** How long the scheduler waits after `rounds` consecutive rounds of tasks that never reached RUNNING. */
export function launchBackOffMs(rounds: number): number {
  return rounds < 2 ? 0 : Math.min(LONGEST_BACK_OFF_MS, 10_000 * 2 ** (rounds - 2));
}
