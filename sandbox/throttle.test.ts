import { describe, expect, it } from "vitest";
import { testClock } from "./clock.ts";
import type { ApiCall } from "./protocol/api-call.ts";
import { bucketOf, createThrottle } from "./throttle.ts";

const answer = { status: 200, headers: {}, body: new Uint8Array() };

function call(service: string, operation: string): ApiCall {
  return { service, operation, requestId: "r", accessKeyId: null, body: "", signal: new AbortController().signal };
}

describe("throttling", () => {
  it("lets a burst through, refuses the next call, and refills on sandbox time", async () => {
    const clock = testClock();
    const throttle = createThrottle(clock);
    const send = (operation: string) => throttle(call("elbv2", operation), async () => answer);
    // All Describe* of ELB share one bucket.
    for (let index = 0; index < 20; index++) {
      await send("DescribeTargetHealth");
      await send("DescribeRules");
    }
    await expect(send("DescribeListeners")).rejects.toMatchObject({
      code: "Throttling",
      message: "Rate exceeded",
      status: 400,
    });
    await expect(send("ModifyListener")).resolves.toBe(answer);
    clock.advance(100);
    await expect(send("DescribeListeners")).resolves.toBe(answer);
    await expect(send("DescribeListeners")).rejects.toMatchObject({ code: "Throttling" });
  });

  it("never holds more than the burst, however long it rests", async () => {
    const clock = testClock();
    const throttle = createThrottle(clock);
    const send = () => throttle(call("logs", "StartLiveTail"), async () => answer);
    await send();
    clock.advance(3_600_000);
    for (let index = 0; index < 5; index++) await send();
    await expect(send()).rejects.toMatchObject({ code: "ThrottlingException", status: 400 });
  });

  it.each([
    ["ecs", "DescribeServices", 100, 20],
    ["ecs", "ListServices", 100, 20],
    ["ecs", "UpdateService", 50, 5],
    ["ecs", "DescribeServiceDeployments", 50, 20],
    ["ecs", "ListServiceDeployments", 50, 20],
    ["ecs", "DescribeServiceRevisions", 50, 20],
    ["ecs", "DescribeTasks", 100, 20],
    ["ecs", "ListTasks", 100, 20],
    ["ecs", "StopTask", 100, 40],
    ["ecs", "RegisterTaskDefinition", 20, 1],
    ["ecs", "DescribeTaskDefinition", 50, 20],
    ["ecs", "ListClusters", 50, 20],
    ["ecs", "CreateCluster", 20, 1],
    ["ecs", "TagResource", 20, 10],
    ["ecs", "ListTagsForResource", 50, 20],
    ["elbv2", "DescribeTargetHealth", 40, 10],
    ["elbv2", "ModifyListener", 20, 3],
    ["elbv2", "RegisterTargets", 20, 4],
    ["elbv2", "CreateLoadBalancer", 10, 0.2],
    ["logs", "FilterLogEvents", 10, 10],
    ["logs", "GetLogEvents", 25, 25],
    ["logs", "StartLiveTail", 5, 5],
    ["cloudwatch", "GetMetricData", 50, 50],
    ["cloudwatch", "DescribeAlarms", 9, 9],
    ["cloudwatch", "PutMetricAlarm", 3, 3],
  ])("gives %s %s AWS's documented bucket", (service, operation, burst, perSecond) => {
    expect(bucketOf(service, operation)).toMatchObject({ burst, perSecond });
  });

  it("counts task sets with services", () => {
    expect(bucketOf("ecs", "DescribeTaskSets")).toEqual(bucketOf("ecs", "DescribeServices"));
    for (const operation of ["CreateTaskSet", "UpdateTaskSet", "DeleteTaskSet", "UpdateServicePrimaryTaskSet"])
      expect(bucketOf("ecs", operation)).toEqual(bucketOf("ecs", "UpdateService"));
  });
});
