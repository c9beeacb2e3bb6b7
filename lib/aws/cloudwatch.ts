import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  type Dimension,
  GetMetricDataCommand,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import type { Application } from "../domain/application/application.ts";
import {
  type HostCounts,
  type MetricPoint,
  SERIES_PERIODS,
  type SideMetrics,
  sideMetrics,
  type WatchedAlarm,
} from "../domain/observation/side-metrics.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { chunks } from "./chunks.ts";

/** What metrics are found by. */
type MeteredApplication = Pick<Application, "name" | "listener" | "slots" | "metricPeriodSeconds">;

/** CloudWatch in our words: metrics of load balancers, and alarms. */
export interface Cloudwatch {
  /**
   * The last periods of both sides, by application name, in one call for each 23 applications. An application
   * whose listener is not a load balancer's of type application is left out.
   */
  readSideMetrics(
    applications: readonly MeteredApplication[],
    now: number,
    priority: Priority,
  ): Promise<Map<string, Record<SlotColor, SideMetrics>>>;
  /**
   * Uncompressed bytes that CloudWatch Logs took in for the groups in the whole hours of the span, which is what a query of it
   * scans about; null where CloudWatch knows of none.
   */
  readIncomingBytes(logGroups: readonly string[], from: number, to: number): Promise<number | null>;
  /** Metric and composite alarms by name; one that AWS does not know is `MISSING`. */
  describeAlarms(names: readonly string[], priority: Priority): Promise<Map<string, WatchedAlarm>>;
}

const NAMESPACE = "AWS/ApplicationELB";
const HOUR_MS = 3_600_000;
/** Id, metric and statistic of each query of one side. */
const QUERIES = [
  ["requests", "RequestCount", "Sum"],
  ["ok", "HTTPCode_Target_2XX_Count", "Sum"],
  ["redirects", "HTTPCode_Target_3XX_Count", "Sum"],
  ["refusals", "HTTPCode_Target_4XX_Count", "Sum"],
  ["errors", "HTTPCode_Target_5XX_Count", "Sum"],
  ["unreached", "TargetConnectionErrorCount", "Sum"],
  ["p95", "TargetResponseTime", "p95"],
  ["average", "TargetResponseTime", "Average"],
  ["healthyHosts", "HealthyHostCount", "Minimum"],
  ["unhealthyHosts", "UnHealthyHostCount", "Maximum"],
] as const;
type Figure = (typeof QUERIES)[number][0];
/** What the load balancer answered itself; AWS has it by load balancer alone. */
const OWN_ERRORS = "HTTPCode_ELB_5XX_Count";

const QUERIES_A_CALL = 500;
/** Applications whose metrics fit into one call. */
export const METRICS_A_CALL = Math.floor(QUERIES_A_CALL / (QUERIES.length * SLOT_COLORS.length + 1));
/** The API's maximum for names and for a page. */
export const ALARMS_A_CALL = 100;
/** A period that is this long over and has no datapoints had no requests; before that they may still come. */
const LATE_PERIODS = 3;

/** CloudWatch through the SDK's client. */
export function createCloudwatch(client: CloudWatchClient, call: Caller): Cloudwatch {
  async function readValues(queries: MetricDataQuery[], from: number, to: number, priority: Priority) {
    const values = new Map<string, Map<number, number>>();
    let NextToken: string | undefined;
    do {
      const output = await call(
        {
          service: "cloudwatch",
          operation: "GetMetricData",
          family: "cloudwatch-metrics",
          priority,
          effect: "read",
        },
        (abortSignal) =>
          client.send(
            new GetMetricDataCommand({
              MetricDataQueries: queries,
              StartTime: new Date(from),
              EndTime: new Date(to),
              ScanBy: "TimestampAscending",
              NextToken,
            }),
            { abortSignal },
          ),
      );
      for (const { Id = "", Timestamps = [], Values = [] } of output.MetricDataResults ?? []) {
        const known = values.get(Id) ?? new Map<number, number>();
        values.set(Id, known);
        for (const [index, time] of Timestamps.entries()) known.set(time.getTime(), Values[index] ?? 0);
      }
      NextToken = output.NextToken;
    } while (NextToken);
    return values;
  }

  async function readMetrics(applications: readonly MeteredApplication[], now: number, priority: Priority) {
    const queries = applications.flatMap(queriesOf);
    const longestMs = Math.max(...applications.map(({ metricPeriodSeconds }) => metricPeriodSeconds)) * 1000;
    // AWS's clock may be ahead of ours, and what is asked for too early is just not there.
    const values = await readValues(queries, now - (SERIES_PERIODS + 1) * longestMs, now + 2 * longestMs, priority);
    return applications.map((application, index) => {
      const read = (color: SlotColor, figure: Figure) => values.get(idOf(index, color, figure)) ?? new Map();
      const ownErrors = values.get(ownErrorsId(index)) ?? new Map();
      return [application.name, assembleMetrics(read, ownErrors, application.metricPeriodSeconds, now)] as const;
    });
  }

  return {
    async readSideMetrics(applications, now, priority) {
      const metered = applications.filter(({ listener }) => loadBalancerOf(listener.arn) !== null);
      const parts = chunks(metered, METRICS_A_CALL).map((part) => readMetrics(part, now, priority));
      return new Map((await Promise.all(parts)).flat());
    },

    async readIncomingBytes(logGroups, from, to) {
      const queries = logGroups.map((Value, index) => ({
        Id: `g${index}`,
        MetricStat: {
          Metric: {
            Namespace: "AWS/Logs",
            MetricName: "IncomingBytes",
            Dimensions: [{ Name: "LogGroupName", Value }],
          },
          // AWS keeps hours for 15 months, minutes for 15 days.
          Period: HOUR_MS / 1000,
          Stat: "Sum",
        },
      }));
      const hours = { from: Math.floor(from / HOUR_MS) * HOUR_MS, to: Math.ceil(to / HOUR_MS) * HOUR_MS };
      const values = await readValues(queries, hours.from, hours.to, "question");
      const sums = [...values.values()].flatMap((series) => [...series.values()]);
      return sums.length === 0 ? null : sums.reduce((sum, bytes) => sum + bytes, 0);
    },

    async describeAlarms(names, priority) {
      const wanted = [...new Set(names)];
      const found = new Map<string, WatchedAlarm>();
      const readPart = async (AlarmNames: string[]) => {
        let NextToken: string | undefined;
        do {
          const output = await call(
            {
              service: "cloudwatch",
              operation: "DescribeAlarms",
              family: "cloudwatch-alarms",
              priority,
              effect: "read",
            },
            (abortSignal) =>
              client.send(
                new DescribeAlarmsCommand({
                  AlarmNames,
                  AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
                  MaxRecords: ALARMS_A_CALL,
                  NextToken,
                }),
                { abortSignal },
              ),
          );
          for (const alarm of [...(output.MetricAlarms ?? []), ...(output.CompositeAlarms ?? [])])
            found.set(alarm.AlarmName ?? "", toWatchedAlarm(alarm));
          NextToken = output.NextToken;
        } while (NextToken);
      };
      await Promise.all(chunks(wanted, ALARMS_A_CALL).map(readPart));
      return new Map(wanted.map((name) => [name, found.get(name) ?? missingAlarm(name)]));
    },
  };
}

function queriesOf({ listener, slots, metricPeriodSeconds }: MeteredApplication, index: number): MetricDataQuery[] {
  const ofLoadBalancer = { Name: "LoadBalancer", Value: loadBalancerOf(listener.arn) ?? "" };
  const metric = (MetricName: string, Dimensions: Dimension[]) => ({ Namespace: NAMESPACE, MetricName, Dimensions });
  const ofSides = SLOT_COLORS.flatMap((color) => {
    const { targetGroupArn } = slots[color];
    const dimensions = [
      ofLoadBalancer,
      { Name: "TargetGroup", Value: targetGroupArn.slice(targetGroupArn.lastIndexOf(":") + 1) },
    ];
    return QUERIES.map(([figure, MetricName, Stat]) => ({
      Id: idOf(index, color, figure),
      MetricStat: { Metric: metric(MetricName, dimensions), Period: metricPeriodSeconds, Stat },
    }));
  });
  const Stat = "Sum";
  const MetricStat = { Metric: metric(OWN_ERRORS, [ofLoadBalancer]), Period: metricPeriodSeconds, Stat };
  return [...ofSides, { Id: ownErrorsId(index), MetricStat }];
}

function ownErrorsId(index: number): string {
  return `a${index}_own_errors`;
}

function idOf(index: number, color: SlotColor, figure: Figure): string {
  return `a${index}_${color}_${figure}`;
}

/**
 * Both sides period by period. AWS publishes no zeros: a period in which either side has requests is published, and so is
 * one that has been over for long; whatever lacks there is zero.
 */
function assembleMetrics(
  read: (color: SlotColor, figure: Figure) => ReadonlyMap<number, number>,
  ownErrors: ReadonlyMap<number, number>,
  periodSeconds: number,
  now: number,
): Record<SlotColor, SideMetrics> {
  const periodMs = periodSeconds * 1000;
  const begun = Math.floor(now / periodMs) * periodMs;
  const published = SLOT_COLORS.flatMap((color) => [...read(color, "requests").keys()]);
  const end = Math.max(begun - LATE_PERIODS * periodMs, ...published.map((at) => at + periodMs));
  const starts = Array.from({ length: SERIES_PERIODS }, (_, index) => end - (SERIES_PERIODS - index) * periodMs);
  const side = (color: SlotColor): SideMetrics => {
    const milliseconds = (figure: Figure, at: number) => {
      const seconds = read(color, figure).get(at);
      return seconds === undefined ? null : Math.round(seconds * 1e6) / 1000;
    };
    const count = (figure: Figure, at: number) => read(color, figure).get(at) ?? 0;
    const series: MetricPoint[] = starts.map((at) => {
      const requests = count("requests", at);
      const answered = count("ok", at) + count("redirects", at) + count("refusals", at) + count("errors", at);
      const own = loadBalancerErrors(requests - answered, ownErrors.get(at) ?? 0, count("unreached", at));
      return {
        at,
        requests,
        errors: count("errors", at) + own,
        ...(own > 0 ? { loadBalancerErrors: own } : {}),
        p95Ms: milliseconds("p95", at),
        averageMs: milliseconds("average", at),
      };
    });
    const hosts = newestHosts(read(color, "healthyHosts"), read(color, "unhealthyHosts"), periodMs);
    return { ...sideMetrics(series, periodSeconds, end), ...(hosts ? { hosts } : {}) };
  };
  return { blue: side("blue"), green: side("green") };
}

/** Of the newest period that has both counts; null where there is none, as for a group without targets. */
function newestHosts(
  healthy: ReadonlyMap<number, number>,
  unhealthy: ReadonlyMap<number, number>,
  periodMs: number,
): HostCounts | null {
  const from = Math.max(...[...healthy.keys()].filter((at) => unhealthy.has(at)));
  if (!Number.isFinite(from)) return null;
  return { healthy: healthy.get(from) ?? 0, unhealthy: unhealthy.get(from) ?? 0, from, at: from + periodMs };
}

/**
 * Requests of a group that the load balancer answered with an error of its own. AWS counts those by load balancer alone, so what
 * no target answered is the most they can be; and no more than the load balancer made, or failed connections there were, because
 * a WebSocket's 101 and a client that hung up (460) are answered by no target either.
 */
function loadBalancerErrors(unanswered: number, ofLoadBalancer: number, connectionErrors: number): number {
  return Math.max(0, Math.min(unanswered, Math.max(ofLoadBalancer, connectionErrors)));
}

/** "app/library-alb/50dc6c495c0c9188" of a listener's or rule's ARN; null for other kinds of load balancer. */
function loadBalancerOf(listenerOrRuleArn: string): string | null {
  return /:listener(?:-rule)?\/(app\/[^/]+\/[^/]+)\//.exec(listenerOrRuleArn)?.[1] ?? null;
}

function toWatchedAlarm(alarm: {
  AlarmName?: string;
  StateValue?: string;
  StateReason?: string;
  StateTransitionedTimestamp?: Date;
  StateUpdatedTimestamp?: Date;
}): WatchedAlarm {
  const { StateValue: state } = alarm;
  return {
    name: alarm.AlarmName ?? "",
    state: state === "OK" || state === "ALARM" ? state : "INSUFFICIENT_DATA",
    reason: alarm.StateReason ?? "",
    since: (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.getTime() ?? null,
  };
}

function missingAlarm(name: string): WatchedAlarm {
  return { name, state: "MISSING", reason: "CloudWatch has no alarm of this name", since: null };
}
