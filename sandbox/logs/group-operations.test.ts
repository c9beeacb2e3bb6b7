import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, test } from "vitest";
import { logsFixture, writeLines } from "./logs-fixture.ts";

describe("log groups", () => {
  test("are created once, listed by prefix in pages, and deleted", () => {
    const { call } = logsFixture();
    for (const logGroupName of ["/ecs/b", "/ecs/a", "/other"]) call("CreateLogGroup", { logGroupName });
    expect(() => call("CreateLogGroup", { logGroupName: "/ecs/a" })).toThrow("The specified log group already exists");

    const list = (input: object) => call<Logs.DescribeLogGroupsResponse>("DescribeLogGroups", input);
    const first = list({ logGroupNamePrefix: "/ecs/", limit: 1 });
    const second = list({ logGroupNamePrefix: "/ecs/", limit: 1, nextToken: first.nextToken });
    expect([first, second].map((page) => page.logGroups?.[0]?.arn)).toEqual([
      "arn:aws:logs:ap-northeast-2:123456789012:log-group:/ecs/a:*",
      "arn:aws:logs:ap-northeast-2:123456789012:log-group:/ecs/b:*",
    ]);
    expect(second.nextToken).toBeUndefined();

    call("DeleteLogGroup", { logGroupName: "/ecs/a" });
    expect(list({}).logGroups?.map((group) => group.logGroupName)).toEqual(["/ecs/b", "/other"]);
    expect(() => call("DeleteLogGroup", { logGroupName: "/ecs/a" })).toThrow(
      expect.objectContaining({
        code: "ResourceNotFoundException",
        message: "The specified log group does not exist.",
      }),
    );
  });

  test("tell their class and key as they were made", () => {
    const { call } = logsFixture();
    const made = {
      logGroupName: "/ecs/a",
      logGroupClass: "INFREQUENT_ACCESS",
      kmsKeyId: "arn:aws:kms:eu-west-1:1:key/a",
    };
    call("CreateLogGroup", made);
    expect(call<Logs.DescribeLogGroupsResponse>("DescribeLogGroups", {}).logGroups).toMatchObject([made]);
  });

  test("take only names and retention periods that AWS takes", () => {
    const { call } = logsFixture();
    expect(() => call("CreateLogGroup", { logGroupName: "a b" })).toThrow(/regular expression pattern/);
    call("CreateLogGroup", { logGroupName: "/ecs/a", tags: { team: "library" } });
    expect(() => call("PutRetentionPolicy", { logGroupName: "/ecs/a", retentionInDays: 2 })).toThrow(/enum value set/);
    call("PutRetentionPolicy", { logGroupName: "/ecs/a", retentionInDays: 7 });
    expect(call<Logs.DescribeLogGroupsResponse>("DescribeLogGroups", {}).logGroups?.[0]?.retentionInDays).toBe(7);
    const resourceArn = "arn:aws:logs:ap-northeast-2:123456789012:log-group:/ecs/a";
    expect(call("ListTagsForResource", { resourceArn })).toEqual({ tags: { team: "library" } });
  });
});

describe("log streams", () => {
  test("are ordered by name or by last event, either way", () => {
    const fixture = logsFixture();
    writeLines(fixture, "web/app/2", 1);
    writeLines(fixture, "web/app/1", 1);
    writeLines(fixture, "job/app/3", 1);
    const names = (input: object) =>
      fixture
        .call<Logs.DescribeLogStreamsResponse>("DescribeLogStreams", { logGroupName: "/ecs/app", ...input })
        .logStreams?.map((stream) => stream.logStreamName);
    expect(names({})).toEqual(["job/app/3", "web/app/1", "web/app/2"]);
    expect(names({ descending: true, limit: 1 })).toEqual(["web/app/2"]);
    expect(names({ orderBy: "LastEventTime", descending: true })).toEqual(["job/app/3", "web/app/1", "web/app/2"]);
    expect(names({ logStreamNamePrefix: "web/" })).toEqual(["web/app/1", "web/app/2"]);
    expect(() => names({ orderBy: "LastEventTime", logStreamNamePrefix: "web/" })).toThrow(/Cannot order by/);
  });

  test("forget their events when deleted, in searches too", () => {
    const fixture = logsFixture();
    writeLines(fixture, "a", 2);
    writeLines(fixture, "b", 1);
    fixture.call("DeleteLogStream", { logGroupName: "/ecs/app", logStreamName: "a" });
    const found = fixture.call<Logs.FilterLogEventsResponse>("FilterLogEvents", { logGroupName: "/ecs/app" });
    expect(found.events?.map((event) => event.message)).toEqual(["b 0"]);
    expect(() => fixture.call("DeleteLogStream", { logGroupName: "/ecs/app", logStreamName: "a" })).toThrow(
      "The specified log stream does not exist.",
    );
  });
});
