import type { ScalingAlarm } from "../autoscaling/world.ts";
import type { AlarmStates, SandboxBase, SimulatedService, TrafficReports } from "../service.ts";
import { alarmOperations } from "./alarm-operations.ts";
import { Alarms } from "./alarms.ts";
import { albMetrics } from "./alb-metrics.ts";
import { ecsMetrics, type ServiceReports } from "./ecs-metrics.ts";
import { logMetrics } from "./log-metrics.ts";
import { metricOperations } from "./metric-operations.ts";
import { MetricStore } from "./metric-store.ts";
import { tagOperations } from "./tag-operations.ts";

/** What may differ from one sandbox to another. */
export interface CloudwatchOptions {
  /** How often the load balancers' metrics are published. AWS does it every 60 s; 10 is the default here. */
  metricPeriodSeconds?: number;
}

/** The services whose metrics are published. */
export interface CloudwatchPorts {
  elb: TrafficReports;
  /** Services whose processor and memory are told; none when left out. */
  services?: () => ServiceReports;
  /** What log groups took in; none when left out. */
  logs?: (fromMs: number, toMs: number) => { logGroup: string; bytes: number; events: number }[];
}

/** Simulated CloudWatch: metrics of what the load balancers really proxy, custom metrics, alarms. */
export interface SimulatedCloudwatch {
  service: SimulatedService;
  alarms: AlarmStates;
  /** Alarms as Application Auto Scaling reads them. */
  scalingAlarms: Pick<Alarms, "delete" | "newestValue"> & { list(): ScalingAlarm[] };
  /** Forgets every metric and alarm. */
  reset(): void;
  /** As `reset`, for good. */
  close(): void;
}

const DEFAULT_PERIOD_SECONDS = 10;
const TICK_MS = 1000;
// What the load balancers' meters remember.
const REACH_MS = 600_000;

/** Starts an empty CloudWatch that publishes and evaluates on the sandbox's clock. */
export function createCloudwatch(
  base: SandboxBase,
  ports: CloudwatchPorts,
  options: CloudwatchOptions = {},
): SimulatedCloudwatch {
  const { clock } = base;
  const periodMs = (options.metricPeriodSeconds ?? DEFAULT_PERIOD_SECONDS) * 1000;
  const metrics = new MetricStore();
  const alarms = new Alarms(base, metrics);
  let publishedUntil = Math.floor(clock.now() / periodMs) * periodMs;

  const publish = (now: number) => {
    publishedUntil = Math.max(publishedUntil, Math.floor((now - REACH_MS) / periodMs) * periodMs);
    for (; publishedUntil + periodMs <= now; publishedUntil += periodMs) {
      const reports = ports.elb.report(publishedUntil, publishedUntil + periodMs);
      const samples = [
        ...reports.flatMap((report) => albMetrics(report, publishedUntil)),
        ...ecsMetrics(ports.services?.() ?? [], reports, periodMs, publishedUntil),
        ...logMetrics(ports.logs?.(publishedUntil, publishedUntil + periodMs) ?? [], publishedUntil),
      ];
      for (const { metric, point } of samples) metrics.record(metric, point, now);
    }
  };
  const timer = clock.every(TICK_MS, () => {
    publish(clock.now());
    alarms.evaluate();
  });
  const reset = () => {
    metrics.clear();
    alarms.clear();
    publishedUntil = Math.floor(clock.now() / periodMs) * periodMs;
  };
  return {
    service: {
      name: "cloudwatch",
      operations: { ...metricOperations(clock, metrics), ...alarmOperations(alarms), ...tagOperations(alarms) },
    },
    alarms: { stateOf: (name) => alarms.find(name)?.state ?? null },
    scalingAlarms: {
      delete: (name) => alarms.delete(name),
      newestValue: (name) => alarms.newestValue(name),
      list: () =>
        alarms.list().map(({ name, arn, state, actionsEnabled, input }) => ({
          name,
          arn,
          state,
          actionsEnabled,
          actions: input.AlarmActions ?? [],
        })),
    },
    reset,
    close() {
      timer.cancel();
      reset();
    },
  };
}
