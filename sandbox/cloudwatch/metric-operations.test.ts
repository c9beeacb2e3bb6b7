import {
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDataQuery,
  type MetricDatum,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { reportOf, startCloudwatch } from "./cloudwatch-fixture.ts";

const LOAD_BALANCER = { Name: "LoadBalancer", Value: "app/library-alb/50dc6c495c0c9188" };
const TARGET_GROUP = { Name: "TargetGroup", Value: "targetgroup/library-blue-tg/73e2d6bc24d8a067" };

let world: Awaited<ReturnType<typeof startCloudwatch>>;
let start: number;

beforeEach(async () => {
  world = await startCloudwatch();
  start = world.clock.now();
});

afterEach(() => world.close());

function query(name: string, stat: string, period = 10, more: Partial<MetricDataQuery> = {}): MetricDataQuery {
  return {
    Id: "a",
    MetricStat: {
      Metric: { Namespace: "AWS/ApplicationELB", MetricName: name, Dimensions: [LOAD_BALANCER, TARGET_GROUP] },
      Period: period,
      Stat: stat,
    },
    ...more,
  };
}

function custom(stat: string, period = 60, more: Partial<MetricDataQuery> = {}): MetricDataQuery {
  const Metric = { Namespace: "Library", MetricName: "Loans" };
  return { Id: "a", MetricStat: { Metric, Period: period, Stat: stat }, ...more };
}

function read(MetricDataQueries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}) {
  const span = {
    StartTime: new Date(start),
    EndTime: new Date(start + 3_600_000),
    ScanBy: "TimestampAscending" as const,
  };
  return world.client.send(new GetMetricDataCommand({ MetricDataQueries, ...span, ...more }));
}

async function valuesOf(one: MetricDataQuery): Promise<number[] | undefined> {
  return (await read([one])).MetricDataResults?.[0]?.Values;
}

function put(...MetricData: Partial<MetricDatum>[]) {
  const named = MetricData.map((datum) => ({ MetricName: "Loans", ...datum }));
  return world.client.send(new PutMetricDataCommand({ Namespace: "Library", MetricData: named }));
}

describe("load balancer metrics", () => {
  it("publishes a period when it is over, under AWS's names and dimensions", async () => {
    world.traffic.reports = [reportOf({ requests: 7, target2xx: 5, target5xx: 2 }, { elb5xx: 1 })];
    world.clock.advance(9000);
    expect(await valuesOf(query("RequestCount", "Sum"))).toEqual([]);
    world.clock.advance(1000);
    world.traffic.reports = [reportOf({ requests: 3, target2xx: 3 })];
    world.clock.advance(10_000);
    expect(await valuesOf(query("RequestCount", "Sum"))).toEqual([7, 3]);
    expect(await valuesOf(query("HTTPCode_Target_5XX_Count", "Sum"))).toEqual([2]);
    expect(await valuesOf(query("HealthyHostCount", "Average"))).toEqual([2, 2]);
    const { Metrics = [] } = await world.client.send(new ListMetricsCommand({ MetricName: "HTTPCode_ELB_5XX_Count" }));
    expect(Metrics).toEqual([
      { Namespace: "AWS/ApplicationELB", MetricName: "HTTPCode_ELB_5XX_Count", Dimensions: [LOAD_BALANCER] },
    ]);
  });

  it("publishes connection errors by target group, and what the load balancer answered itself by load balancer alone", async () => {
    const group = { requests: 5, target2xx: 1, connectionErrors: 2 };
    world.traffic.reports = [reportOf(group, { elb5xx: 4, elb502: 2, elb503: 1, elb504: 1 })];
    world.clock.advance(10_000);
    expect(await valuesOf(query("TargetConnectionErrorCount", "Sum"))).toEqual([2]);
    for (const [name, count] of [
      ["HTTPCode_ELB_5XX_Count", 4],
      ["HTTPCode_ELB_502_Count", 2],
      ["HTTPCode_ELB_503_Count", 1],
      ["HTTPCode_ELB_504_Count", 1],
    ] as const) {
      expect(await valuesOf(query(name, "Sum")), name).toEqual([]);
      const Metric = { Namespace: "AWS/ApplicationELB", MetricName: name, Dimensions: [LOAD_BALANCER] };
      expect(await valuesOf({ Id: "a", MetricStat: { Metric, Period: 10, Stat: "Sum" } }), name).toEqual([count]);
    }
  });

  it("publishes nothing but the number of healthy targets for a period without requests", async () => {
    world.traffic.reports = [reportOf({})];
    world.clock.advance(60_000);
    const { Metrics = [] } = await world.client.send(new ListMetricsCommand({}));
    expect([...new Set(Metrics.map(({ MetricName }) => MetricName))].sort()).toEqual([
      "HealthyHostCount",
      "UnHealthyHostCount",
    ]);
  });

  it("answers response times in seconds, with percentiles and sample sizes", async () => {
    const responseTimes = [
      { lowMs: 2, highMs: 5, count: 90 },
      { lowMs: 200, highMs: 500, count: 10 },
    ];
    world.traffic.reports = [reportOf({ requests: 100, responseTimeMsSum: 4000, responseTimes })];
    world.clock.advance(10_000);
    expect(await valuesOf(query("TargetResponseTime", "SampleCount"))).toEqual([100]);
    expect(await valuesOf(query("TargetResponseTime", "Average"))).toEqual([0.04]);
    expect(await valuesOf(query("TargetResponseTime", "p95"))).toEqual([0.35]);
    expect(await valuesOf(query("TargetResponseTime", "p50"))).toEqual([expect.closeTo(0.003_667, 5)]);
  });

  it("sums ten-second datapoints into minutes", async () => {
    world.traffic.reports = [reportOf({ requests: 2, target2xx: 2 })];
    world.clock.advance(90_000);
    const { MetricDataResults } = await read([query("RequestCount", "Sum", 60)]);
    expect(MetricDataResults?.[0]).toMatchObject({
      Values: [12, 6],
      Timestamps: [new Date(start), new Date(start + 60_000)],
    });
  });
});

describe("GetMetricData", () => {
  it("honours order, labels and ReturnData", async () => {
    await put({ Value: 1 });
    world.clock.advance(60_000);
    await put({ Value: 2 });
    const { MetricDataResults } = await read(
      [custom("Sum", 60, { Label: "loans" }), custom("Sum", 60, { Id: "b", ReturnData: false })],
      { ScanBy: "TimestampDescending" },
    );
    expect(MetricDataResults).toEqual([
      {
        Id: "a",
        Label: "loans",
        Timestamps: [new Date(start + 60_000), new Date(start)],
        Values: [2, 1],
        StatusCode: "Complete",
      },
    ]);
  });

  it("pages by the number of datapoints and says which results go on", async () => {
    for (let minute = 0; minute < 3; minute++) {
      await put({ Value: minute });
      world.clock.advance(60_000);
    }
    const queries = [custom("Sum"), custom("Maximum", 60, { Id: "b" })];
    const first = await read(queries, { MaxDatapoints: 2 });
    const second = await read(queries, { MaxDatapoints: 2, NextToken: first.NextToken });
    const third = await read(queries, { MaxDatapoints: 2, NextToken: second.NextToken });
    const shape = (page: typeof first) =>
      page.MetricDataResults?.map(({ Id, Values, StatusCode }) => [Id, Values, StatusCode]);
    expect(shape(first)).toEqual([["a", [0, 1], "PartialData"]]);
    expect(shape(second)).toEqual([
      ["a", [2], "Complete"],
      ["b", [0], "PartialData"],
    ]);
    expect(shape(third)).toEqual([["b", [1, 2], "Complete"]]);
    expect(third.NextToken).toBeUndefined();
  });

  it("answers an unknown metric with no values", async () => {
    expect(await valuesOf(query("NoSuchMetric", "Sum"))).toEqual([]);
  });

  it.each([
    ["an id that starts with a capital", { MetricDataQueries: [custom("Sum", 60, { Id: "A" })] }, "ValidationError"],
    ["ids used twice", { MetricDataQueries: [custom("Sum"), custom("Sum")] }, "ValidationError"],
    ["a period off the grid", { MetricDataQueries: [custom("Sum", 45)] }, "InvalidParameterValue"],
    ["an unknown statistic", { MetricDataQueries: [custom("Median")] }, "InvalidParameterValue"],
    ["no span of time", { EndTime: new Date(0) }, "ValidationError"],
    ["an expression", { MetricDataQueries: [{ Id: "a", Expression: "m1 / m2" }] }, "ValidationError"],
    ["a token that is not one", { NextToken: "x" }, "InvalidNextToken"],
    ["501 queries", { MetricDataQueries: Array.from({ length: 501 }, () => custom("Sum")) }, "ValidationError"],
  ])("refuses %s", async (_name, change, code) => {
    const refused = read([custom("Sum")], change as Partial<GetMetricDataCommandInput>);
    await expect(refused).rejects.toMatchObject({ Code: code, $metadata: { httpStatusCode: 400 } });
  });
});

describe("PutMetricData", () => {
  it("takes values, values with counts, and totals", async () => {
    await put({ Value: 4 }, { Values: [1, 3], Counts: [2, 1] });
    expect(await valuesOf(custom("SampleCount"))).toEqual([4]);
    expect(await valuesOf(custom("Sum"))).toEqual([9]);
    expect(await valuesOf(custom("p50"))).toEqual([1]);
    await put({ StatisticValues: { SampleCount: 6, Sum: 60, Minimum: 5, Maximum: 20 } });
    expect(await valuesOf(custom("Maximum"))).toEqual([20]);
    expect(await valuesOf(custom("p50"))).toEqual([]);
  });

  it("keeps the second only where asked to", async () => {
    world.clock.advance(5000);
    await put({ Value: 1 });
    await put({ Value: 2, StorageResolution: 1 });
    const { MetricDataResults } = await read([custom("Sum", 1)]);
    expect(MetricDataResults?.[0]).toMatchObject({
      Values: [1, 2],
      Timestamps: [new Date(start), new Date(start + 5000)],
    });
  });

  it.each([
    [
      "AWS's namespaces",
      { Namespace: "AWS/ECS", MetricData: [{ MetricName: "x", Value: 1 }] },
      "InvalidParameterValue",
    ],
    ["a datum without value", { Namespace: "A", MetricData: [{ MetricName: "x" }] }, "InvalidParameterCombination"],
    [
      "a time long gone",
      { Namespace: "A", MetricData: [{ MetricName: "x", Value: 1, Timestamp: new Date(0) }] },
      "InvalidParameterValue",
    ],
  ])("refuses %s", async (_name, input, Code) => {
    await expect(world.client.send(new PutMetricDataCommand(input))).rejects.toMatchObject({ Code });
  });
});

describe("GetMetricStatistics", () => {
  it("answers plain and extended statistics", async () => {
    await put({ Values: [1, 2, 3, 4], Unit: "Count" });
    const { Datapoints } = await world.client.send(
      new GetMetricStatisticsCommand({
        Namespace: "Library",
        MetricName: "Loans",
        StartTime: new Date(start),
        EndTime: new Date(start + 60_000),
        Period: 60,
        Statistics: ["Sum", "Average"],
        ExtendedStatistics: ["p75"],
      }),
    );
    expect(Datapoints).toEqual([
      { Timestamp: new Date(start), Unit: "Count", Sum: 10, Average: 2.5, ExtendedStatistics: { p75: 3 } },
    ]);
  });

  it("refuses more than 1440 datapoints", async () => {
    const command = new GetMetricStatisticsCommand({
      Namespace: "Library",
      MetricName: "Loans",
      StartTime: new Date(start),
      EndTime: new Date(start + 86_400_000),
      Period: 30,
      Statistics: ["Sum"],
    });
    await expect(world.client.send(command)).rejects.toMatchObject({
      name: "InvalidParameterCombinationException",
      message: expect.stringContaining("2880 datapoints"),
    });
  });
});

describe("ListMetrics", () => {
  it("filters by name and by dimension, with or without value", async () => {
    await put({ Value: 1, Dimensions: [{ Name: "Branch", Value: "north" }] }, { Value: 1 });
    await put({ Value: 1, MetricName: "Returns", Dimensions: [{ Name: "Branch", Value: "south" }] });
    const count = async (input: object) => {
      const { Metrics = [] } = await world.client.send(new ListMetricsCommand(input));
      return Metrics.length;
    };
    expect(await count({})).toBe(3);
    expect(await count({ MetricName: "Loans" })).toBe(2);
    expect(await count({ Dimensions: [{ Name: "Branch" }] })).toBe(2);
    expect(await count({ Dimensions: [{ Name: "Branch", Value: "south" }] })).toBe(1);
    expect(await count({ Namespace: "AWS/ApplicationELB" })).toBe(0);
  });
});
