import type { StandardUnit } from "@aws-sdk/client-cloudwatch";

/** How many samples lay between two values; equal values for samples known exactly. */
interface Span {
  low: number;
  high: number;
  count: number;
}

/** The samples of one metric in one span of time, as CloudWatch keeps them. */
export interface Datapoint {
  /** When the span begins, epoch ms. */
  at: number;
  unit: StandardUnit;
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Null where only totals were sent: then there are no percentiles. */
  spans: readonly Span[] | null;
}

const PERCENTILE = /^p(\d{1,2}(?:\.\d{0,10})?|100)$/;
const STATISTICS = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

/** One sample, or `count` of the same value. */
export function sampleOf(at: number, unit: StandardUnit, value: number, count = 1): Datapoint {
  return { at, unit, count, sum: value * count, min: value, max: value, spans: [{ low: value, high: value, count }] };
}

/** Whether `statisticOf` knows the name: "Sum", "Average", …, "p95", "p99.9". */
export function isStatistic(name: string): boolean {
  return STATISTICS.includes(name) || PERCENTILE.test(name);
}

/** All samples of several datapoints as one that begins at `at`. At least one datapoint is needed. */
export function merge(at: number, points: readonly Datapoint[]): Datapoint {
  return {
    at,
    unit: points[0]?.unit ?? "None",
    count: points.reduce((sum, point) => sum + point.count, 0),
    sum: points.reduce((sum, point) => sum + point.sum, 0),
    min: Math.min(...points.map((point) => point.min)),
    max: Math.max(...points.map((point) => point.max)),
    spans: points.every((point) => point.spans) ? points.flatMap((point) => point.spans ?? []) : null,
  };
}

/** Null when the datapoint cannot tell: a percentile of totals. */
export function statisticOf(point: Datapoint, name: string): number | null {
  switch (name) {
    case "SampleCount":
      return point.count;
    case "Sum":
      return point.sum;
    case "Average":
      return point.sum / point.count;
    case "Minimum":
      return point.min;
    case "Maximum":
      return point.max;
    default:
      return percentileOf(point, Number(PERCENTILE.exec(name)?.[1]));
  }
}

/** Between the bounds of a span, samples are taken to lie evenly. */
function percentileOf(point: Datapoint, percent: number): number | null {
  if (point.min === point.max) return point.min;
  if (!point.spans) return null;
  const spans = [...point.spans].sort((a, b) => a.high - b.high || a.low - b.low);
  const wanted = (point.count * percent) / 100;
  let passed = 0;
  for (const { low, high, count } of spans) {
    if (passed + count >= wanted) {
      const value = low + (high - low) * ((wanted - passed) / count);
      return Math.min(Math.max(value, point.min), point.max);
    }
    passed += count;
  }
  return point.max;
}
