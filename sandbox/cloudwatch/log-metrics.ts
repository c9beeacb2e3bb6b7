import type { MetricSample } from "./alb-metrics.ts";
import { sampleOf } from "./datapoint.ts";

/** The metrics that AWS publishes of log groups which took something in within the period that begins at `at`. */
export function logMetrics(
  incoming: readonly { logGroup: string; bytes: number; events: number }[],
  at: number,
): MetricSample[] {
  return incoming.flatMap(({ logGroup, bytes, events }) => {
    const dimensions = [{ Name: "LogGroupName", Value: logGroup }];
    return [
      { metric: { namespace: "AWS/Logs", name: "IncomingBytes", dimensions }, point: sampleOf(at, "Bytes", bytes) },
      { metric: { namespace: "AWS/Logs", name: "IncomingLogEvents", dimensions }, point: sampleOf(at, "None", events) },
    ];
  });
}
