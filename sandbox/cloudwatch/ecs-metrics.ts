import type { LoadBalancerReport } from "../service.ts";
import type { MetricSample } from "./alb-metrics.ts";
import { sampleOf } from "./datapoint.ts";

/** Services with the running tasks that they have, and the target groups that these are in, by ARN. */
export type ServiceReports = readonly {
  cluster: string;
  service: string;
  running: number;
  targetGroupArns: readonly string[];
}[];

/** What a task takes of its processor without requests, and for each request a second; what it takes of its memory. Percent. */
const [IDLE_PERCENT, PERCENT_A_REQUEST, MEMORY_PERCENT] = [2, 5, 30];

/**
 * The metrics that AWS publishes of a service with running tasks for the period that begins at `at`. The sandbox measures no
 * processor: it makes one up from the requests that the service's targets got.
 */
export function ecsMetrics(
  services: ServiceReports,
  reports: readonly LoadBalancerReport[],
  periodMs: number,
  at: number,
): MetricSample[] {
  const groups = reports.flatMap(({ targetGroups }) => targetGroups);
  return services
    .filter(({ running }) => running > 0)
    .flatMap(({ cluster, service, running, targetGroupArns }) => {
      const requests = groups
        .filter(({ targetGroup }) => targetGroupArns.some((arn) => arn.endsWith(targetGroup)))
        .reduce((sum, group) => sum + group.requests, 0);
      const perTask = requests / (periodMs / 1000) / running;
      const dimensions = [
        { Name: "ClusterName", Value: cluster },
        { Name: "ServiceName", Value: service },
      ];
      const sample = (name: string, value: number): MetricSample => ({
        metric: { namespace: "AWS/ECS", name, dimensions },
        point: sampleOf(at, "Percent", value, running),
      });
      return [
        sample("CPUUtilization", Math.min(100, IDLE_PERCENT + PERCENT_A_REQUEST * perTask)),
        sample("MemoryUtilization", MEMORY_PERCENT),
      ];
    });
}
