import type { LoadBalancerReport, TargetGroupReport, TrafficReports } from "../service.ts";
import type { ElbState, LoadBalancerRecord, TargetGroupRecord } from "./elb-state.ts";
import type { HealthChecker } from "./health-checker.ts";
import { RESPONSE_TIME_BOUNDS_MS, type TrafficMeter, type TrafficSecond } from "./traffic-meter.ts";

const SLOWEST_MS = 60_000;

/** Reads the meters of the proxy for whoever turns them into metrics. */
export function createTrafficReports(state: ElbState, health: HealthChecker): TrafficReports {
  return {
    report: (fromMs, toMs) =>
      [...state.loadBalancers.values()].map((loadBalancer) =>
        reportLoadBalancer(state, health, loadBalancer, (meter) => meter.seconds(fromMs, toMs)),
      ),
  };
}

function reportLoadBalancer(
  state: ElbState,
  health: HealthChecker,
  loadBalancer: LoadBalancerRecord,
  read: (meter: TrafficMeter) => readonly TrafficSecond[],
): LoadBalancerReport {
  const own = [...loadBalancer.listeners.values()].flatMap((listener) => read(listener.meter));
  const groups = [...state.targetGroups.values()].filter((group) => group.loadBalancer === loadBalancer);
  return {
    loadBalancer: dimensionOf(loadBalancer.arn, "loadbalancer/"),
    elb4xx: total(own, (second) => second.elb4xx),
    elb5xx: total(own, (second) => second.elb5xx),
    elb502: total(own, (second) => second.elb502),
    elb503: total(own, (second) => second.elb503),
    elb504: total(own, (second) => second.elb504),
    targetGroups: groups.map((group) => reportTargetGroup(health, group, read(group.meter))),
  };
}

function reportTargetGroup(
  health: HealthChecker,
  group: TargetGroupRecord,
  seconds: readonly TrafficSecond[],
): TargetGroupReport {
  const states = [...group.targets.values()].map((target) => health.report(target).state);
  return {
    targetGroup: dimensionOf(group.arn, ""),
    healthy: states.filter((one) => one === "healthy").length,
    unhealthy: states.filter((one) => one === "unhealthy").length,
    requests: total(seconds, (second) => second.requests),
    target2xx: total(seconds, (second) => second.target2xx),
    target3xx: total(seconds, (second) => second.target3xx),
    target4xx: total(seconds, (second) => second.target4xx),
    target5xx: total(seconds, (second) => second.target5xx),
    connectionErrors: total(seconds, (second) => second.connectionErrors),
    responseTimeMsSum: total(seconds, (second) => second.responseTimeMsSum),
    responseTimes: [...RESPONSE_TIME_BOUNDS_MS, SLOWEST_MS]
      .map((highMs, index) => ({
        lowMs: RESPONSE_TIME_BOUNDS_MS[index - 1] ?? 0,
        highMs,
        count: total(seconds, (second) => second.responseTimeHistogram[index] ?? 0),
      }))
      .filter(({ count }) => count > 0),
  };
}

/** The end of an ARN, as ELB's metrics have it for a dimension: "app/name/id", "targetgroup/name/id". */
function dimensionOf(arn: string, prefix: string): string {
  return (arn.split(":").at(-1) ?? arn).slice(prefix.length);
}

function total(seconds: readonly TrafficSecond[], count: (second: TrafficSecond) => number): number {
  return seconds.reduce((sum, second) => sum + count(second), 0);
}
