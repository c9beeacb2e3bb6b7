/** Upper bounds (ms) of the response time histogram; one further bucket holds what is slower. */
export const RESPONSE_TIME_BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] as const;

const BUCKETS = RESPONSE_TIME_BOUNDS_MS.length + 1;
const SECONDS_KEPT = 900;
const OTHER = 0;
const BYTES_IN = 5;
const BYTES_OUT = 6;
const ELB_4XX = 7;
const ELB_5XX = 8;
const RESPONSE_TIME_MS = 9;
const RESPONSE_TIMES = 10;
const CONNECTION_ERRORS = 11;
const ELB_502 = 12;
const ELB_503 = 13;
const ELB_504 = 14;
const HISTOGRAM = 15;
const FIELDS = HISTOGRAM + BUCKETS;

/** What passed in some span of time; `target*` are answers of targets, `elb*` the load balancer's own. */
export interface TrafficCounts {
  /** Requests that got an answer, whoever gave it. */
  requests: number;
  target2xx: number;
  target3xx: number;
  target4xx: number;
  target5xx: number;
  elb4xx: number;
  elb5xx: number;
  elb502: number;
  elb503: number;
  elb504: number;
  /** Connections to targets that could not be established. */
  connectionErrors: number;
  bytesIn: number;
  bytesOut: number;
  /** Sum over the answers of targets, from the request leaving the load balancer to the response's headers. */
  responseTimeMsSum: number;
  responseTimeCount: number;
  /** One count per bound of RESPONSE_TIME_BOUNDS_MS and a last one for what is slower. */
  responseTimeHistogram: number[];
}

/** One second of traffic; `second` is epoch seconds of sandbox time. */
export interface TrafficSecond extends TrafficCounts {
  second: number;
}

/** One finished request as the meter sees it. */
export interface MeteredRequest {
  status: number;
  /** True when a target gave the answer, false when the load balancer did. */
  isFromTarget: boolean;
  /** True when the target could not be connected to. */
  isConnectionError?: boolean;
  bytesIn: number;
  bytesOut: number;
  /** Ignored unless a target answered. */
  responseTimeMs: number;
}

/**
 * Totals and the last 15 minutes by the second, of one listener or target group. Memory is bounded and taken
 * with the first request only, so that thousands of idle groups cost nothing.
 */
export class TrafficMeter {
  /** Sandbox time (epoch ms) of the last finished request; null before the first. */
  lastRequestAt: number | null = null;
  readonly #total = new Float64Array(FIELDS);
  #ring: Float64Array | null = null;
  #ringSeconds: Float64Array | null = null;

  /** Counts one finished request at sandbox time `now`. */
  record(now: number, request: MeteredRequest): void {
    this.lastRequestAt = now;
    this.#add(this.#total, 0, request);
    this.#ring ??= new Float64Array(SECONDS_KEPT * FIELDS);
    this.#ringSeconds ??= new Float64Array(SECONDS_KEPT);
    const second = Math.floor(now / 1000);
    const slot = second % SECONDS_KEPT;
    if (this.#ringSeconds[slot] !== second) {
      this.#ringSeconds[slot] = second;
      this.#ring.fill(0, slot * FIELDS, (slot + 1) * FIELDS);
    }
    this.#add(this.#ring, slot * FIELDS, request);
  }

  /** Everything since the meter began. */
  totals(): TrafficCounts {
    return read(this.#total, 0);
  }

  /** Seconds with traffic in [fromMs, toMs), oldest first, at most the last 15 minutes before the newest request. */
  seconds(fromMs: number, toMs: number): TrafficSecond[] {
    const found: TrafficSecond[] = [];
    if (!this.#ring || !this.#ringSeconds || this.lastRequestAt === null) return found;
    const newest = Math.floor(this.lastRequestAt / 1000);
    const first = Math.max(Math.floor(fromMs / 1000), newest - SECONDS_KEPT + 1);
    const last = Math.min(Math.ceil(toMs / 1000) - 1, newest);
    for (let second = first; second <= last; second++) {
      const slot = second % SECONDS_KEPT;
      if (this.#ringSeconds[slot] === second) found.push({ second, ...read(this.#ring, slot * FIELDS) });
    }
    return found;
  }

  #add(into: Float64Array, at: number, request: MeteredRequest): void {
    const add = (field: number, amount: number) => {
      into[at + field] = (into[at + field] ?? 0) + amount;
    };
    add(BYTES_IN, request.bytesIn);
    add(BYTES_OUT, request.bytesOut);
    if (request.isConnectionError) add(CONNECTION_ERRORS, 1);
    const statusClass = Math.floor(request.status / 100);
    if (!request.isFromTarget) {
      const own = { 502: ELB_502, 503: ELB_503, 504: ELB_504 }[request.status];
      if (own !== undefined) add(own, 1);
      add(statusClass === 5 ? ELB_5XX : statusClass === 4 ? ELB_4XX : OTHER, 1);
      return;
    }
    add(statusClass >= 2 && statusClass <= 5 ? statusClass - 1 : OTHER, 1);
    add(RESPONSE_TIME_MS, request.responseTimeMs);
    add(RESPONSE_TIMES, 1);
    let bucket = 0;
    while (bucket < RESPONSE_TIME_BOUNDS_MS.length && request.responseTimeMs > (RESPONSE_TIME_BOUNDS_MS[bucket] ?? 0)) {
      bucket++;
    }
    add(HISTOGRAM + bucket, 1);
  }
}

function read(from: Float64Array, at: number): TrafficCounts {
  const value = (field: number) => from[at + field] ?? 0;
  const target2xx = value(1);
  const target3xx = value(2);
  const target4xx = value(3);
  const target5xx = value(4);
  const elb4xx = value(ELB_4XX);
  const elb5xx = value(ELB_5XX);
  return {
    requests: value(OTHER) + target2xx + target3xx + target4xx + target5xx + elb4xx + elb5xx,
    target2xx,
    target3xx,
    target4xx,
    target5xx,
    elb4xx,
    elb5xx,
    elb502: value(ELB_502),
    elb503: value(ELB_503),
    elb504: value(ELB_504),
    connectionErrors: value(CONNECTION_ERRORS),
    bytesIn: value(BYTES_IN),
    bytesOut: value(BYTES_OUT),
    responseTimeMsSum: value(RESPONSE_TIME_MS),
    responseTimeCount: value(RESPONSE_TIMES),
    responseTimeHistogram: Array.from(from.subarray(at + HISTOGRAM, at + HISTOGRAM + BUCKETS)),
  };
}
