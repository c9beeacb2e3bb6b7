/** One period of a side's requests as its target group metered them. */
export interface MetricPoint {
  /** When the period begins, epoch ms. */
  at: number;
  requests: number;
  /** Requests that were answered with 5xx, by a target or, because of one, by the load balancer. */
  errors: number;
  /** Those of them that the load balancer answered itself: 502, 503 or 504; left out where there are none. */
  loadBalancerErrors?: number;
  /** 95th percentile of the time targets took to answer; null without requests. */
  p95Ms: number | null;
  averageMs: number | null;
}

/** What CloudWatch says of one side's requests. AWS publishes it some minutes late, so that `at` is rarely now. */
export interface SideMetrics {
  periodSeconds: number;
  /** When the newest published period ended, epoch ms. The single figures are of that period. */
  at: number;
  requestsPerSecond: number;
  /** Null without requests, as every figure of requests. */
  responseTimeP95Ms: number | null;
  responseTimeAverageMs: number | null;
  http5xxShare: number | null;
  /** Requests that these figures rest on. */
  samples: number;
  /** Oldest first, one for every period, those without requests included. */
  series: MetricPoint[];
  /** The newest counts of targets; left out where CloudWatch has none. */
  hosts?: HostCounts;
}

/** Targets of a side as CloudWatch counted them in one period: the fewest healthy and the most unhealthy. Times are epoch ms. */
export interface HostCounts {
  healthy: number;
  unhealthy: number;
  /** When the period began. */
  from: number;
  /** When it ended. */
  at: number;
}

/** A CloudWatch alarm that somebody configured for the application; `MISSING` where AWS knows none of the name. */
export interface WatchedAlarm {
  name: string;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA" | "MISSING";
  /** AWS's own words. */
  reason: string;
  /** Epoch ms since which it is in this state; null where AWS does not say. */
  since: number | null;
}

/** Periods that a series covers at most. */
export const SERIES_PERIODS = 30;

/** A side's figures from its series; at least one point is needed for any. */
export function sideMetrics(series: readonly MetricPoint[], periodSeconds: number, at: number): SideMetrics {
  const newest = series.at(-1);
  const requests = newest?.requests ?? 0;
  return {
    periodSeconds,
    at,
    requestsPerSecond: requests / periodSeconds,
    responseTimeP95Ms: newest?.p95Ms ?? null,
    responseTimeAverageMs: newest?.averageMs ?? null,
    http5xxShare: newest && requests > 0 ? Math.min(1, newest.errors / requests) : null,
    samples: requests,
    series: [...series],
  };
}
