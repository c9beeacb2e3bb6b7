import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";

/** One shift of production traffic and how long the deployment then stays at it. */
export interface TrafficStep {
  percent: number;
  /** 0 after the last step: what follows that one is the bake time. */
  bakeMinutes: number;
}

/** The steps of a strategy, in order; the last one is always 100 percent. */
export function trafficSteps(configuration: DeploymentConfiguration): TrafficStep[] {
  const last = { percent: 100, bakeMinutes: 0 };
  if (configuration.strategy === "CANARY") {
    const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = configuration.canaryConfiguration ?? {};
    return canaryPercent >= 100 ? [last] : [{ percent: canaryPercent, bakeMinutes: canaryBakeTimeInMinutes }, last];
  }
  if (configuration.strategy !== "LINEAR") return [last];
  const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = configuration.linearConfiguration ?? {};
  const steps: TrafficStep[] = [];
  // In tenths, as sums of fractions would leave a last step of next to nothing.
  const stepTenths = Math.round(stepPercent * 10);
  for (let tenths = stepTenths; tenths < 1000; tenths += stepTenths)
    steps.push({ percent: tenths / 10, bakeMinutes: stepBakeTimeInMinutes });
  return [...steps, last];
}
