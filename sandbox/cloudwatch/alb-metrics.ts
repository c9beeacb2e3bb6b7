import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import type { LoadBalancerReport, TargetGroupReport } from "../service.ts";
import { type Datapoint, merge, sampleOf } from "./datapoint.ts";
import type { MetricName } from "./metric-store.ts";

const NAMESPACE = "AWS/ApplicationELB";

const COUNTS: Readonly<Record<string, (group: TargetGroupReport) => number>> = {
  RequestCount: (group) => group.requests,
  HTTPCode_Target_2XX_Count: (group) => group.target2xx,
  HTTPCode_Target_3XX_Count: (group) => group.target3xx,
  HTTPCode_Target_4XX_Count: (group) => group.target4xx,
  HTTPCode_Target_5XX_Count: (group) => group.target5xx,
  TargetConnectionErrorCount: (group) => group.connectionErrors,
};

/** One metric's samples of one period. */
export interface MetricSample {
  metric: MetricName;
  point: Datapoint;
}

/**
 * The metrics that AWS publishes of a load balancer for the period that begins at `at`: counts only where they are
 * not zero, and for a period without requests nothing but how many targets are healthy, of groups that have any.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function albMetrics(report: LoadBalancerReport, at: number): MetricSample[] {
  const ofLoadBalancer = dimensioned({ LoadBalancer: report.loadBalancer }, at);
  const { targetGroups } = report;
  if (!targetGroups.some(({ requests }) => requests > 0) && report.elb4xx + report.elb5xx === 0)
    return targetGroups.flatMap((group) => hostMetrics(group, groupDimensions(report.loadBalancer, group, at)));
  return [
    ...targetGroups.flatMap((group) => groupMetrics(report.loadBalancer, group, at)),
    ...trafficMetrics(targetGroups, ofLoadBalancer, at),
    ...ofLoadBalancer.count("HTTPCode_ELB_4XX_Count", report.elb4xx),
    ...ofLoadBalancer.count("HTTPCode_ELB_5XX_Count", report.elb5xx),
    ...ofLoadBalancer.count("HTTPCode_ELB_502_Count", report.elb502),
    ...ofLoadBalancer.count("HTTPCode_ELB_503_Count", report.elb503),
    ...ofLoadBalancer.count("HTTPCode_ELB_504_Count", report.elb504),
  ];
}

function groupMetrics(loadBalancer: string, group: TargetGroupReport, at: number): MetricSample[] {
  const ofGroup = groupDimensions(loadBalancer, group, at);
  const hosts = group.healthy + group.unhealthy;
  const perTarget = dimensioned({ TargetGroup: group.targetGroup }, at);
  return [
    ...trafficMetrics([group], ofGroup, at),
    ...hostMetrics(group, ofGroup),
    ...(hosts > 0 ? perTarget.count("RequestCountPerTarget", group.requests / hosts) : []),
  ];
}

function groupDimensions(loadBalancer: string, { targetGroup }: TargetGroupReport, at: number): Dimensioned {
  return dimensioned({ TargetGroup: targetGroup, LoadBalancer: loadBalancer }, at);
}

function hostMetrics({ healthy, unhealthy }: TargetGroupReport, of: Dimensioned): MetricSample[] {
  if (healthy + unhealthy === 0) return [];
  return [of.sample("HealthyHostCount", "Count", healthy), of.sample("UnHealthyHostCount", "Count", unhealthy)];
}

function trafficMetrics(groups: readonly TargetGroupReport[], of: Dimensioned, at: number): MetricSample[] {
  const times = groups.flatMap((group) => responseTimes(group, at));
  return [
    ...Object.entries(COUNTS).flatMap(([name, countOf]) =>
      of.count(
        name,
        groups.reduce((sum, group) => sum + countOf(group), 0),
      ),
    ),
    ...of.samples("TargetResponseTime", times),
  ];
}

/** CloudWatch has them in seconds. */
function responseTimes({ responseTimes: times, responseTimeMsSum }: TargetGroupReport, at: number): Datapoint[] {
  const spans = times.map(({ lowMs, highMs, count }) => ({ low: lowMs / 1000, high: highMs / 1000, count }));
  const count = spans.reduce((sum, span) => sum + span.count, 0);
  if (count === 0) return [];
  const min = Math.min(...spans.map(({ low }) => low));
  const max = Math.max(...spans.map(({ high }) => high));
  return [{ at, unit: "Seconds", count, sum: responseTimeMsSum / 1000, min, max, spans }];
}

interface Dimensioned {
  sample(name: string, unit: StandardUnit, value: number): MetricSample;
  /** Nothing for zero. */
  count(name: string, value: number): MetricSample[];
  /** Nothing for none. */
  samples(name: string, points: readonly Datapoint[]): MetricSample[];
}

function dimensioned(values: Readonly<Record<string, string>>, at: number): Dimensioned {
  const dimensions = Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
  const metric = (name: string): MetricName => ({ namespace: NAMESPACE, name, dimensions });
  const sample = (name: string, unit: StandardUnit, value: number) => ({
    metric: metric(name),
    point: sampleOf(at, unit, value),
  });
  return {
    sample,
    count: (name, value) => (value === 0 ? [] : [sample(name, "Count", value)]),
    samples: (name, points) => (points.length === 0 ? [] : [{ metric: metric(name), point: merge(at, points) }]),
  };
}
