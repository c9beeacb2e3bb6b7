import type { Dimension, StandardUnit } from "@aws-sdk/client-cloudwatch";
import { type Datapoint, merge } from "./datapoint.ts";

/** What names a metric; the order of dimensions means nothing. */
export interface MetricName {
  namespace: string;
  name: string;
  dimensions: readonly Dimension[];
}

/** A metric and its datapoints, oldest first. */
interface Series {
  metric: MetricName;
  points: Datapoint[];
}

// AWS keeps datapoints of less than a minute for three hours.
const KEPT_MS = 3 * 3_600_000;

/** Every metric of the sandbox, for as long as AWS keeps the finest of its own. */
export class MetricStore {
  readonly #series = new Map<string, Series>();

  /** Adds samples at sandbox time `now`; samples older than what is kept are dropped. */
  record(metric: MetricName, point: Datapoint, now: number): void {
    const key = keyOf(metric);
    const series = this.#series.get(key) ?? { metric, points: [] };
    this.#series.set(key, series);
    const { points } = series;
    let index = points.length;
    while (index > 0 && (points[index - 1]?.at ?? 0) > point.at) index--;
    points.splice(index, 0, point);
    const old = points.findIndex(({ at }) => at > now - KEPT_MS);
    if (old !== 0) points.splice(0, old < 0 ? points.length : old);
  }

  /**
   * One datapoint per period with samples whose start lies in [fromMs, toMs), oldest first. Periods begin at
   * whole multiples of their length. `unit` leaves out samples of any other.
   */
  read(metric: MetricName, fromMs: number, toMs: number, periodMs: number, unit?: StandardUnit): Datapoint[] {
    const buckets = new Map<number, Datapoint[]>();
    const first = Math.floor(fromMs / periodMs) * periodMs;
    for (const point of this.#series.get(keyOf(metric))?.points ?? []) {
      if (point.at < first || point.at >= toMs || (unit && unit !== point.unit)) continue;
      const at = Math.floor(point.at / periodMs) * periodMs;
      const bucket = buckets.get(at);
      if (bucket) bucket.push(point);
      else buckets.set(at, [point]);
    }
    return [...buckets].map(([at, points]) => merge(at, points));
  }

  /** Metrics with samples, by namespace, name and dimensions. */
  list(): MetricName[] {
    return [...this.#series.entries()]
      .filter(([, { points }]) => points.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { metric }]) => metric);
  }

  clear(): void {
    this.#series.clear();
  }
}

function keyOf({ namespace, name, dimensions }: MetricName): string {
  const pairs = dimensions.map((dimension) => `${dimension.Name}=${dimension.Value}`).sort();
  return JSON.stringify([namespace, name, ...pairs]);
}
