import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import type { AwsPause } from "../domain/observation/aws-deployment.ts";

/**
 * The stages at which ECS waits for a person. DescribeServices tells of a PAUSE hook nothing but its stages, so that a hook without
 * a type and without a function is one.
 */
export function pausesOf(configuration: DeploymentConfiguration | undefined): AwsPause[] {
  return (configuration?.lifecycleHooks ?? [])
    .filter(({ targetType, hookTargetArn }) => targetType === "PAUSE" || (!targetType && !hookTargetArn))
    .flatMap(({ lifecycleStages = [], targetType, timeoutConfiguration }) => {
      // Told in full, a hook without a timeout of its own has ECS's default.
      const onExpiry = timeoutConfiguration?.action ?? (targetType === "PAUSE" ? "ROLLBACK" : null);
      return lifecycleStages.map((stage) => ({ stage, onExpiry }));
    });
}
