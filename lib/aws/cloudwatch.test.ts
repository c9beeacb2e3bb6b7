import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { testClock } from "../../sandbox/clock.ts";
import type { Elb } from "../../sandbox/elb/elb.ts";
import { SERIES_PERIODS } from "../domain/observation/side-metrics.ts";
import { startLibraryWorld, until } from "../testing/library-world.ts";
import { ADMINISTRATOR } from "../testing/shipped-policy.ts";

const PERIOD_SECONDS = 10;

/** The seeded world on a clock moved by hand, with blue's targets healthy. */
async function startMeteredWorld() {
  const clock = testClock(Date.UTC(2026, 10, 1));
  const { application, aws, sandbox, fault, calls } = await startLibraryWorld({ sandbox: { clock } });
  const metered = { ...application, metricPeriodSeconds: PERIOD_SECONDS };
  const url = sandbox.listenerUrl("library-alb:80");
  await until(async () => {
    clock.advance(1000);
    return (await fetch(url)).status === 200;
  }, "blue to serve");
  clock.advance(PERIOD_SECONDS * 1000 - (clock.now() % (PERIOD_SECONDS * 1000)));
  const request = async (count: number) => {
    for (let index = 0; index < count; index += 1) await (await fetch(url)).text();
  };
  const read = async (names = ["library"]) => {
    const applications = names.map((name) => ({ ...metered, name }));
    return aws.cloudwatch.readSideMetrics(applications, clock.now(), "action");
  };
  return { application: metered, aws, sandbox, fault, calls, clock, request, read };
}

test("tells both sides' requests, errors and response times of the newest period, with their number", async () => {
  const { sandbox, clock, request, read, application } = await startMeteredWorld();
  await request(6);
  const [sick = ""] = targetsOf(sandbox.elb, application.slots.blue.targetGroupName);
  sandbox.elb.controls.setVirtualHealth(sick, 500);
  await request(4);
  clock.advance(PERIOD_SECONDS * 1000);
  const sides = (await read()).get("library");
  expect(sides?.blue).toMatchObject({
    periodSeconds: 10,
    at: clock.now(),
    requestsPerSecond: 1,
    samples: 10,
    http5xxShare: 0.2,
    responseTimeP95Ms: expect.any(Number),
    responseTimeAverageMs: expect.any(Number),
  });
  expect(sides?.blue.series).toHaveLength(SERIES_PERIODS);
  expect(sides?.blue.series.at(-1)).toMatchObject({ at: clock.now() - 10_000, requests: 10, errors: 2 });
  // Green has no requests where blue has some: that is zero, not unknown.
  expect(sides?.green).toMatchObject({ at: clock.now(), samples: 0, http5xxShare: null, responseTimeP95Ms: null });
});

test("counts what the load balancer answered in a target's stead, but no WebSocket and no client that hung up", async () => {
  const { sandbox, clock, request, read, application } = await startMeteredWorld();
  const [sick = "", other = ""] = targetsOf(sandbox.elb, application.slots.blue.targetGroupName);
  const url = sandbox.listenerUrl("library-alb:80");
  sandbox.elb.controls.setVirtualHealth(sick, "refused");
  await request(10);
  clock.advance(PERIOD_SECONDS * 1000);
  const refused = (await read()).get("library")?.blue;
  expect(refused?.series.at(-1)).toMatchObject({ requests: 10, errors: 5, loadBalancerErrors: 5 });
  expect(refused).toMatchObject({ http5xxShare: 0.5 });
  for (const id of [sick, other]) sandbox.elb.controls.setVirtualHealth(id, "hang");
  const counted = () =>
    sandbox.elb.controls.stats().targetGroups[application.slots.blue.targetGroupName]?.requests ?? 0;
  const before = counted();
  // Hangs up as soon as the load balancer has the request, however often that takes.
  await until(async () => {
    await fetch(url, { signal: AbortSignal.timeout(50) }).catch(() => null);
    return counted() > before;
  }, "a client that hung up is counted");
  for (const id of [sick, other]) sandbox.elb.controls.setVirtualHealth(id, 200);
  await request(2);
  clock.advance(PERIOD_SECONDS * 1000);
  const point = (await read()).get("library")?.blue.series.at(-1);
  expect(point?.requests).toBeGreaterThan(2);
  expect(point).toMatchObject({ errors: 0 });
  expect(point).not.toHaveProperty("loadBalancerErrors");
});

test("counts silence as no requests only when it has lasted", async () => {
  const { clock, request, read } = await startMeteredWorld();
  await request(3);
  clock.advance(2 * PERIOD_SECONDS * 1000);
  expect((await read()).get("library")?.blue).toMatchObject({ at: clock.now() - 10_000, samples: 3 });
  clock.advance(10 * PERIOD_SECONDS * 1000);
  expect((await read()).get("library")?.blue).toMatchObject({ at: clock.now() - 30_000, samples: 0 });
});

test("reads sixty applications with three calls, and leaves out what is not behind an application load balancer", async () => {
  const { aws, application, clock, calls } = await startMeteredWorld();
  const applications = Array.from({ length: 63 }, (_, index) => ({ ...application, name: `library-${index}` }));
  const listener = { ...application.listener, arn: application.listener.arn.replace("/app/", "/net/") };
  const before = calls("cloudwatch.GetMetricData");
  const all = [...applications, { ...application, name: "network", listener }];
  const metrics = await aws.cloudwatch.readSideMetrics(all, clock.now(), "action");
  expect(calls("cloudwatch.GetMetricData") - before).toBe(3);
  expect([...metrics.keys()]).toEqual(applications.map(({ name }) => name));
});

test("finds alarms in their states, missing ones named, more than a page of them", async () => {
  const { aws, sandbox, clock } = await startMeteredWorld();
  const client = new CloudWatchClient({
    endpoint: sandbox.url,
    region: sandbox.place.region,
    credentials: ADMINISTRATOR,
  });
  const names = Array.from({ length: 120 }, (_, index) => `alarm-${index}`);
  for (const AlarmName of names)
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: "Library",
        MetricName: "Loans",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "GreaterThanThreshold",
      }),
    );
  await client.send(
    new SetAlarmStateCommand({ AlarmName: "alarm-7", StateValue: "ALARM", StateReason: "too many loans" }),
  );
  client.destroy();
  const found = await aws.cloudwatch.describeAlarms([...names, "nothing"], "action");
  expect(found.size).toBe(121);
  expect(found.get("alarm-7")).toEqual({
    name: "alarm-7",
    state: "ALARM",
    reason: "too many loans",
    since: clock.now(),
  });
  expect(found.get("alarm-119")?.state).toBe("INSUFFICIENT_DATA");
  expect(found.get("nothing")?.state).toBe("MISSING");
});

test("says which permission is missing", async () => {
  const { fault, read } = await startMeteredWorld();
  fault("error", { service: "cloudwatch", operation: "GetMetricData", code: "AccessDenied" });
  await expect(read()).rejects.toMatchObject({ kind: "denied", permission: "cloudwatch:GetMetricData" });
});

function targetsOf(elb: Elb, targetGroupName: string): string[] {
  const { targets } = elb.controls.stats().targetGroups[targetGroupName] ?? { targets: {} };
  return Object.keys(targets).map((key) => key.slice(0, key.lastIndexOf(":")));
}

test("tells how many targets of a side were healthy in the newest period, also without a request", async () => {
  const { sandbox, clock, read, application } = await startMeteredWorld();
  clock.advance(PERIOD_SECONDS * 1000);
  const hosts = async () => (await read()).get("library")?.blue.hosts;
  expect(await hosts()).toMatchObject({ healthy: 2, unhealthy: 0, at: clock.now() });
  const [sick = ""] = targetsOf(sandbox.elb, application.slots.blue.targetGroupName);
  sandbox.elb.controls.setVirtualHealth(sick, 500);
  await until(async () => {
    clock.advance(PERIOD_SECONDS * 1000);
    return (await hosts())?.unhealthy === 1;
  }, "CloudWatch to count the sick target");
  expect(await hosts()).toMatchObject({ healthy: 1, unhealthy: 1, from: clock.now() - PERIOD_SECONDS * 1000 });
});
