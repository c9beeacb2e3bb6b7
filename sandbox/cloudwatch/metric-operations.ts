import type {
  GetMetricDataInput,
  GetMetricDataOutput,
  GetMetricStatisticsInput,
  GetMetricStatisticsOutput,
  ListMetricsInput,
  ListMetricsOutput,
  Metric,
  MetricDataQuery,
  MetricDataResult,
  MetricDatum,
  PutMetricDataInput,
  Statistic,
} from "@aws-sdk/client-cloudwatch";
import type { Clock } from "../clock.ts";
import type { Handler } from "../service.ts";
import { type Datapoint, isStatistic, merge, sampleOf, statisticOf } from "./datapoint.ts";
import { invalidCombination, invalidValue, validationError } from "./errors.ts";
import type { MetricName, MetricStore } from "./metric-store.ts";
import { pageOf } from "./paging.ts";

const MAX_DATAPOINTS = 100_800;
const MAX_STATISTICS = 1440;
const METRICS_PER_PAGE = 500;
const TWO_WEEKS_MS = 14 * 86_400_000;
const TWO_HOURS_MS = 2 * 3_600_000;

/** Operations on metrics and their datapoints. */
export function metricOperations(clock: Clock, store: MetricStore): Readonly<Record<string, Handler>> {
  return {
    GetMetricData(input: GetMetricDataInput): GetMetricDataOutput {
      assertQueries(input.MetricDataQueries ?? []);
      const results = (input.MetricDataQueries ?? []).flatMap((query) => {
        const result = resultOf(store, query, input);
        return query.ReturnData === false ? [] : [result];
      });
      return cutPage(results, input);
    },

    GetMetricStatistics(input: GetMetricStatisticsInput): GetMetricStatisticsOutput {
      const { Statistics = [], ExtendedStatistics = [], Unit } = input;
      if (Statistics.length + ExtendedStatistics.length === 0)
        throw invalidCombination("At least one of the parameters Statistics and ExtendedStatistics must be specified.");
      assertStatistics(ExtendedStatistics);
      const { from, to, periodMs } = spanOf(input, input.Period);
      const asked = Math.ceil((to - from) / periodMs);
      if (asked > MAX_STATISTICS)
        throw invalidCombination(
          `You have requested up to ${asked} datapoints, which exceeds the limit of ${MAX_STATISTICS}. ` +
            "You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
        );
      const points = store.read(metricOf(input), from, to, periodMs, Unit);
      return {
        Label: input.MetricName,
        Datapoints: points.map((point) => ({
          Timestamp: new Date(point.at),
          Unit: point.unit,
          ...byName(point, Statistics),
          ...(ExtendedStatistics.length > 0 ? { ExtendedStatistics: byName(point, ExtendedStatistics) } : {}),
        })),
      };
    },

    ListMetrics(input: ListMetricsInput): ListMetricsOutput {
      const found = store
        .list()
        .filter(
          ({ namespace, name, dimensions }) =>
            (input.Namespace === undefined || input.Namespace === namespace) &&
            (input.MetricName === undefined || input.MetricName === name) &&
            (input.Dimensions ?? []).every((wanted) =>
              dimensions.some(
                ({ Name, Value }) => Name === wanted.Name && (wanted.Value === undefined || Value === wanted.Value),
              ),
            ),
        );
      const page = pageOf(found, input.NextToken, METRICS_PER_PAGE);
      const Metrics = page.items.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: [...dimensions],
      }));
      return { Metrics, NextToken: page.nextToken };
    },

    PutMetricData({ Namespace = "", MetricData = [] }: PutMetricDataInput) {
      if (Namespace.startsWith("AWS/"))
        throw invalidValue("The value AWS/ for parameter Namespace is invalid: it is reserved for AWS's own metrics.");
      const now = clock.now();
      const samples = MetricData.map((datum) => ({
        metric: metricOf({ ...datum, Namespace }),
        point: datapointOf(datum, now),
      }));
      for (const { metric, point } of samples) store.record(metric, point, now);
      return {};
    },
  };
}

function assertQueries(queries: readonly MetricDataQuery[]): void {
  const ids = queries.map(({ Id = "" }) => Id);
  if (queries.length === 0) throw validationError("The parameter MetricDataQueries must have at least one element.");
  for (const id of ids) {
    if (!/^[a-z][A-Za-z0-9_]*$/.test(id))
      throw validationError(
        `The value ${id} for parameter MetricDataQueries.member.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
      );
  }
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice) throw validationError(`The values for parameter Id in MetricDataQueries are not unique: ${twice}.`);
}

function resultOf(store: MetricStore, query: MetricDataQuery, input: GetMetricDataInput): MetricDataResult {
  const { MetricStat: wanted } = query;
  if (!wanted?.Metric)
    throw validationError("The sandbox computes no expressions: each of MetricDataQueries needs a MetricStat");
  assertStatistics([wanted.Stat ?? ""]);
  const { from, to, periodMs } = spanOf(input, wanted.Period);
  const points = store.read(metricOf(wanted.Metric), from, to, periodMs, wanted.Unit);
  if (input.ScanBy !== "TimestampAscending") points.reverse();
  const values = points.flatMap((point) => {
    const value = statisticOf(point, wanted.Stat ?? "");
    return value === null ? [] : [{ at: point.at, value }];
  });
  return {
    Id: query.Id,
    Label: query.Label ?? wanted.Metric.MetricName,
    Timestamps: values.map(({ at }) => new Date(at)),
    Values: values.map(({ value }) => value),
    StatusCode: "Complete",
  };
}

/** MaxDatapoints counts the datapoints of all results; a result cut by it is PartialData, and goes on in the next page. */
function cutPage(results: readonly MetricDataResult[], input: GetMetricDataInput): GetMetricDataOutput {
  const all = results.flatMap(({ Timestamps = [] }, result) => Timestamps.map((_, point) => ({ result, point })));
  const page = pageOf(all, input.NextToken, Math.min(input.MaxDatapoints ?? MAX_DATAPOINTS, MAX_DATAPOINTS));
  const isFirst = input.NextToken === undefined;
  const MetricDataResults = results.flatMap((result, index) => {
    const points = page.items.filter((one) => one.result === index).map(({ point }) => point);
    const { Timestamps = [], Values = [] } = result;
    if (points.length === 0 && !(isFirst && Timestamps.length === 0)) return [];
    const first = points[0] ?? 0;
    const end = first + points.length;
    return [
      {
        ...result,
        Timestamps: Timestamps.slice(first, end),
        Values: Values.slice(first, end),
        StatusCode: end < Timestamps.length ? ("PartialData" as const) : ("Complete" as const),
      },
    ];
  });
  return { MetricDataResults, Messages: [], NextToken: page.nextToken };
}

function spanOf(input: { StartTime?: Date; EndTime?: Date }, period: number | undefined) {
  const seconds = period ?? 0;
  if (![1, 5, 10, 20, 30].includes(seconds) && (seconds === 0 || seconds % 60 !== 0))
    throw invalidValue(`The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, but is ${seconds}.`);
  const from = input.StartTime?.getTime() ?? 0;
  const to = input.EndTime?.getTime() ?? 0;
  if (from >= to) throw validationError("The parameter StartTime must be less than the parameter EndTime.");
  return { from, to, periodMs: seconds * 1000 };
}

function assertStatistics(names: readonly string[]): void {
  for (const name of names)
    if (!isStatistic(name)) throw invalidValue(`The value ${name} for parameter Stat is not supported by the sandbox.`);
}

function metricOf(input: Metric): MetricName {
  return { namespace: input.Namespace ?? "", name: input.MetricName ?? "", dimensions: input.Dimensions ?? [] };
}

function byName<Name extends string | Statistic>(point: Datapoint, names: readonly Name[]): Record<string, number> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = statisticOf(point, name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** Custom metrics are kept by the minute, unless they ask for the second. */
function datapointOf(datum: MetricDatum, now: number): Datapoint {
  const { Value, Values, Counts, StatisticValues: totals, Unit = "None" } = datum;
  if ([Value, Values, totals].filter((one) => one !== undefined).length !== 1)
    throw invalidCombination(
      "Exactly one of Value, Values and StatisticValues must be specified for each MetricDatum.",
    );
  const sent = datum.Timestamp?.getTime() ?? now;
  if (sent < now - TWO_WEEKS_MS || sent > now + TWO_HOURS_MS)
    throw invalidValue(
      "The parameter MetricData.member.Timestamp must specify a time within the past two weeks or the next two hours.",
    );
  const gridMs = datum.StorageResolution === 1 ? 1000 : 60_000;
  const at = Math.floor(sent / gridMs) * gridMs;
  if (totals) {
    const { SampleCount: count = 0, Sum: sum = 0, Minimum: min = 0, Maximum: max = 0 } = totals;
    return { at, unit: Unit, count, sum, min, max, spans: null };
  }
  const values = Values ?? [Value ?? 0];
  if (Counts && Counts.length !== values.length)
    throw invalidValue(
      "The parameters MetricData.member.Values and MetricData.member.Counts must be of the same size.",
    );
  if (values.length === 0) throw invalidValue("The parameter MetricData.member.Values must not be empty.");
  return merge(
    at,
    values.map((value, index) => sampleOf(at, Unit, value, Counts?.[index] ?? 1)),
  );
}
