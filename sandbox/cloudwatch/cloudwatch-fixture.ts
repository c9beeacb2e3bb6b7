import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { startTestServer, testBase } from "../protocol/test-server.ts";
import type { LoadBalancerReport, TargetGroupReport } from "../service.ts";
import { createCloudwatch } from "./cloudwatch.ts";

/** For tests: CloudWatch behind the real protocol, a client of the real SDK, a clock that moves only when told to. */
export async function startCloudwatch(metricPeriodSeconds = 10) {
  const base = testBase();
  /** What the next period is reported as. */
  const traffic: { reports: LoadBalancerReport[] } = { reports: [] };
  const cloudwatch = createCloudwatch(base, { elb: { report: () => traffic.reports } }, { metricPeriodSeconds });
  const server = await startTestServer({ services: [cloudwatch.service] });
  const client = new CloudWatchClient(server.clientConfig);
  return {
    cloudwatch,
    clientConfig: server.clientConfig,
    client,
    clock: base.clock,
    traffic,
    async close() {
      client.destroy();
      await server.close();
      cloudwatch.close();
    },
  };
}

/** For tests: a load balancer's report with one target group. */
export function reportOf(group: Partial<TargetGroupReport>, own: Partial<LoadBalancerReport> = {}): LoadBalancerReport {
  const quiet: TargetGroupReport = {
    targetGroup: "targetgroup/library-blue-tg/73e2d6bc24d8a067",
    healthy: 2,
    unhealthy: 0,
    requests: 0,
    target2xx: 0,
    target3xx: 0,
    target4xx: 0,
    target5xx: 0,
    connectionErrors: 0,
    responseTimeMsSum: 0,
    responseTimes: [],
  };
  return {
    loadBalancer: "app/library-alb/50dc6c495c0c9188",
    elb4xx: 0,
    elb5xx: 0,
    elb502: 0,
    elb503: 0,
    elb504: 0,
    targetGroups: [{ ...quiet, ...group }],
    ...own,
  };
}

/** For tests: an alarm "errors" at a whole sandbox, and what sets its state; `close` with the test's end. */
export async function putErrorsAlarm(endpoint: string) {
  const client = new CloudWatchClient({
    endpoint,
    region: "ap-northeast-2",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: "errors",
      Namespace: "web",
      MetricName: "errors",
      Statistic: "Sum",
      Period: 3600,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
    }),
  );
  return {
    set: (StateValue: StateValue) =>
      client.send(new SetAlarmStateCommand({ AlarmName: "errors", StateValue, StateReason: "test" })),
    close: () => client.destroy(),
  };
}
