import type { DescribeServicesResponse } from "@aws-sdk/client-ecs";
import type { SimulatedCloudwatch } from "../cloudwatch/cloudwatch.ts";
import { AwsError, type Handler, type SimulatedService } from "../service.ts";
import type { AutoscalingPorts } from "./world.ts";

/** ECS and CloudWatch as auto scaling calls them with its own role. */
export function autoscalingPorts(ecs: SimulatedService, cloudwatch: SimulatedCloudwatch): AutoscalingPorts {
  const call = (service: SimulatedService, operation: string, input: object): unknown => {
    const handler: Handler | undefined = service.operations[operation];
    return handler?.(input, { requestId: "autoscaling", signal: new AbortController().signal });
  };
  const findActive = (cluster: string, service: string) => {
    try {
      const input = { cluster, services: [service] };
      return (call(ecs, "DescribeServices", input) as DescribeServicesResponse).services?.[0] ?? null;
    } catch (error) {
      // No such cluster, and so no such service.
      if (error instanceof AwsError) return null;
      throw error;
    }
  };
  return {
    findService(cluster, service) {
      const found = findActive(cluster, service);
      if (found?.status !== "ACTIVE") return null;
      const isDeploying = found.deployments?.some(({ rolloutState }) => rolloutState === "IN_PROGRESS") ?? false;
      return { desiredCount: found.desiredCount ?? 0, isDeploying };
    },
    setDesiredCount: (cluster, service, desiredCount) =>
      void call(ecs, "UpdateService", { cluster, service, desiredCount }),
    putAlarm: (input) => void call(cloudwatch.service, "PutMetricAlarm", input),
    deleteAlarm: (name) => cloudwatch.scalingAlarms.delete(name),
    listAlarms: () => cloudwatch.scalingAlarms.list(),
    newestValue: (name) => cloudwatch.scalingAlarms.newestValue(name),
  };
}
