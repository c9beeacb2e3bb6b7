import { describe, expect, it } from "vitest";
import { RESPONSE_TIME_BOUNDS_MS, TrafficMeter } from "./traffic-meter.ts";

const ok = { status: 200, isFromTarget: true, bytesIn: 1, bytesOut: 10, responseTimeMs: 3 };
const START = 1_700_000_000_000;

describe("a traffic meter", () => {
  it("keeps the last 15 minutes by the second, and totals for ever", () => {
    const meter = new TrafficMeter();
    for (let second = 0; second < 1000; second++) meter.record(START + second * 1000, ok);
    const seconds = meter.seconds(START, START + 1_000_000);
    expect(seconds).toHaveLength(900);
    expect(seconds[0]).toMatchObject({ second: START / 1000 + 100, requests: 1, target2xx: 1, bytesOut: 10 });
    expect(seconds.at(-1)?.second).toBe(START / 1000 + 999);
    expect(meter.totals().requests).toBe(1000);
  });

  it("leaves out seconds without traffic and outside the span", () => {
    const meter = new TrafficMeter();
    for (const second of [0, 5, 9]) meter.record(START + second * 1000, ok);
    const seconds = meter.seconds(START + 1000, START + 9000);
    expect(seconds.map((one) => one.second - START / 1000)).toEqual([5]);
  });

  it("tells targets' answers from the load balancer's own, whatever the status", () => {
    const meter = new TrafficMeter();
    const statuses = [200, 302, 404, 500, 101];
    for (const status of statuses) meter.record(START, { ...ok, status });
    for (const status of [502, 460, 301]) meter.record(START, { ...ok, status, isFromTarget: false });
    expect(meter.totals()).toMatchObject({
      requests: 8,
      target2xx: 1,
      target3xx: 1,
      target4xx: 1,
      target5xx: 1,
      elb4xx: 1,
      elb5xx: 1,
      responseTimeCount: 5,
      responseTimeMsSum: 15,
    });
  });

  it("puts response times into their buckets", () => {
    const meter = new TrafficMeter();
    for (const responseTimeMs of [0.5, 1, 1.5, 100, 9999]) meter.record(START, { ...ok, responseTimeMs });
    expect(meter.totals().responseTimeHistogram).toHaveLength(RESPONSE_TIME_BOUNDS_MS.length + 1);
    expect(meter.totals().responseTimeHistogram).toEqual([2, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
  });
});
