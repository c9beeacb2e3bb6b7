import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  ResourceNotFound,
  SetAlarmStateCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { SmithyRpcV2CborProtocol } from "@smithy/core/cbor";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reportOf, startCloudwatch } from "./cloudwatch-fixture.ts";

const ERRORS: PutMetricAlarmCommandInput = {
  AlarmName: "library-5xx",
  Namespace: "AWS/ApplicationELB",
  MetricName: "HTTPCode_Target_5XX_Count",
  Dimensions: [{ Name: "LoadBalancer", Value: "app/library-alb/50dc6c495c0c9188" }],
  Statistic: "Sum",
  Period: 10,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold",
  TreatMissingData: "notBreaching",
};

let world: Awaited<ReturnType<typeof startCloudwatch>>;

beforeEach(async () => {
  world = await startCloudwatch();
});

afterEach(() => world.close());

function put(change: Partial<PutMetricAlarmCommandInput> = {}) {
  return world.client.send(new PutMetricAlarmCommand({ ...ERRORS, ...change }));
}

async function describeAlarms(input: object = {}) {
  return (await world.client.send(new DescribeAlarmsCommand(input))).MetricAlarms ?? [];
}

async function stateOf(name = "library-5xx") {
  return (await describeAlarms({ AlarmNames: [name] }))[0]?.StateValue;
}

function errorsFor(seconds: number, count: number) {
  world.traffic.reports = [reportOf({ requests: count + 1, target2xx: 1, target5xx: count })];
  world.clock.advance(seconds * 1000);
}

describe("metric alarms", () => {
  it("starts with insufficient data, alarms on enough breaching periods and recovers", async () => {
    await put();
    expect(await describeAlarms()).toMatchObject([
      {
        AlarmName: "library-5xx",
        AlarmArn: "arn:aws:cloudwatch:ap-northeast-2:123456789012:alarm:library-5xx",
        StateValue: "INSUFFICIENT_DATA",
        StateReason: "Unchecked: Initial alarm creation",
        ActionsEnabled: true,
      },
    ]);
    errorsFor(10, 0);
    expect(await stateOf()).toBe("OK");
    errorsFor(10, 6);
    expect(await stateOf()).toBe("OK");
    errorsFor(10, 7);
    expect(await describeAlarms()).toMatchObject([
      {
        StateValue: "ALARM",
        StateReason: expect.stringMatching(
          /^Threshold Crossed: 2 out of the last 3 datapoints \[7\.0 \(.*\), 6\.0 \(.*\)\] were greater than the threshold \(5\.0\)/,
        ),
        StateUpdatedTimestamp: new Date(world.clock.now()),
      },
    ]);
    errorsFor(40, 0);
    expect(await stateOf()).toBe("OK");
  });

  it("follows a percentile", async () => {
    await put({
      MetricName: "TargetResponseTime",
      Statistic: undefined,
      ExtendedStatistic: "p99",
      Threshold: 0.2,
      EvaluationPeriods: 1,
      DatapointsToAlarm: undefined,
    });
    const slow = { requests: 10, responseTimeMsSum: 3000, responseTimes: [{ lowMs: 200, highMs: 500, count: 10 }] };
    world.traffic.reports = [reportOf(slow)];
    world.clock.advance(10_000);
    expect(await stateOf()).toBe("ALARM");
  });

  it("keeps a state that was set until the next evaluation", async () => {
    await put();
    errorsFor(10, 0);
    await world.client.send(
      new SetAlarmStateCommand({ AlarmName: "library-5xx", StateValue: "ALARM", StateReason: "a drill" }),
    );
    expect(await describeAlarms({ StateValue: "ALARM" })).toMatchObject([{ StateReason: "a drill" }]);
    errorsFor(10, 0);
    expect(await stateOf()).toBe("OK");
  });

  it("finds alarms by name, prefix and state, in pages", async () => {
    for (const name of ["b-2", "a-1", "b-1"]) await put({ AlarmName: name });
    const names = async (input: object) => (await describeAlarms(input)).map(({ AlarmName }) => AlarmName);
    expect(await names({})).toEqual(["a-1", "b-1", "b-2"]);
    expect(await names({ AlarmNames: ["b-1", "nothing"] })).toEqual(["b-1"]);
    expect(await names({ AlarmNamePrefix: "b" })).toEqual(["b-1", "b-2"]);
    expect(await names({ StateValue: "OK" })).toEqual([]);
    expect(await names({ AlarmTypes: ["CompositeAlarm"] })).toEqual([]);
    const first = await world.client.send(new DescribeAlarmsCommand({ MaxRecords: 2 }));
    expect(await names({ MaxRecords: 2, NextToken: first.NextToken })).toEqual(["b-2"]);
  });

  it("tells its tags again, which a later put leaves as they are", async () => {
    await put({ Tags: [{ Key: "team", Value: "library" }] });
    await put({ Tags: [{ Key: "team", Value: "shop" }] });
    const ResourceARN = (await describeAlarms())[0]?.AlarmArn;
    const tags = async () => (await world.client.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;
    expect(await tags()).toEqual([{ Key: "team", Value: "library" }]);
    await world.client.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: "side", Value: "blue" }] }));
    await world.client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["team"] }));
    expect(await tags()).toEqual([{ Key: "side", Value: "blue" }]);
    const nobody = world.client.send(new ListTagsForResourceCommand({ ResourceARN: `${ResourceARN}-other` }));
    await expect(nobody).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("deletes all of the named alarms or none", async () => {
    await put();
    const refused = world.client.send(new DeleteAlarmsCommand({ AlarmNames: ["library-5xx", "nothing"] }));
    await expect(refused).rejects.toBeInstanceOf(ResourceNotFound);
    expect(await describeAlarms()).toHaveLength(1);
    await world.client.send(new DeleteAlarmsCommand({ AlarmNames: ["library-5xx"] }));
    expect(await describeAlarms()).toEqual([]);
  });

  it.each([
    ["a period off the grid", { Period: 45 }],
    ["more datapoints than periods", { DatapointsToAlarm: 4 }],
    ["more than a day", { Period: 86_400, EvaluationPeriods: 2, DatapointsToAlarm: 1 }],
    ["an unknown treatment of missing data", { TreatMissingData: "whatever" }],
    ["no statistic", { Statistic: undefined }],
    ["no threshold", { Threshold: undefined }],
    ["an operator outside its enum", { ComparisonOperator: "Equals" as "GreaterThanThreshold" }],
  ])("refuses %s", async (_name, change) => {
    await expect(put(change)).rejects.toMatchObject({ Code: "ValidationError", $metadata: { httpStatusCode: 400 } });
  });
});

describe("CBOR", () => {
  it("speaks it with an SDK client that prefers it, errors and times included", async () => {
    await put();
    const client = new CloudWatchClient({ ...world.clientConfig, protocol: SmithyRpcV2CborProtocol });
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ["library-5xx"] }));
    expect(MetricAlarms).toMatchObject([
      { Threshold: 5, AlarmConfigurationUpdatedTimestamp: new Date(world.clock.now()) },
    ]);
    const missing = client.send(new DeleteAlarmsCommand({ AlarmNames: ["nothing"] }));
    await expect(missing).rejects.toMatchObject({
      name: "ResourceNotFound",
      message: "Alarm nothing does not exist",
      $metadata: { httpStatusCode: 404 },
    });
    client.destroy();
  });
});
