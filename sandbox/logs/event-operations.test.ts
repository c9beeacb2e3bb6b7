import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, test } from "vitest";
import { logsFixture, writeLines } from "./logs-fixture.ts";

const messages = (page: { events?: { message?: string }[] }) => page.events?.map((event) => event.message) ?? [];

describe("PutLogEvents", () => {
  const prepared = () => {
    const fixture = logsFixture();
    fixture.call("CreateLogGroup", { logGroupName: "g" });
    fixture.call("CreateLogStream", { logGroupName: "g", logStreamName: "s" });
    const put = (logEvents: Logs.InputLogEvent[]) =>
      fixture.call<Logs.PutLogEventsResponse>("PutLogEvents", { logGroupName: "g", logStreamName: "s", logEvents });
    return { ...fixture, put };
  };

  test("refuses batches that AWS refuses", () => {
    const { put, clock } = prepared();
    const at = clock.now();
    const line = (timestamp: number, message = "x") => ({ timestamp, message });
    expect(() => put([])).toThrow(/between 1 and 10000/);
    expect(() => put([line(at), line(at - 1)])).toThrow(/chronological order/);
    expect(() => put([line(at - 90_000_000), line(at)])).toThrow(/more than 24 hours/);
    expect(() => put([line(at, "y".repeat(1_048_577))])).toThrow(/Log event too large/);
    expect(() => put([line(at, "y".repeat(600_000)), line(at, "y".repeat(600_000))])).toThrow(/Upload too large/);
  });

  test("says which events were too old or too new and keeps the rest", () => {
    const { put, call, clock } = prepared();
    const now = clock.now();
    const tooOld = put([{ timestamp: now - 15 * 86_400_000, message: "old" }]);
    const tooNew = put([
      { timestamp: now, message: "now" },
      { timestamp: now + 3 * 3_600_000, message: "new" },
    ]);
    expect(tooOld.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    expect(tooNew.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect(messages(call("GetLogEvents", { logGroupName: "g", logStreamName: "s" }))).toEqual(["now"]);
  });
});

describe("GetLogEvents", () => {
  const get = (fixture: ReturnType<typeof logsFixture>, input: object = {}) =>
    fixture.call<Logs.GetLogEventsResponse>("GetLogEvents", {
      logGroupName: "/ecs/app",
      logStreamName: "s",
      ...input,
    });

  test("reads forward from the head until the token repeats, and goes on when more arrives", () => {
    const fixture = logsFixture();
    writeLines(fixture, "s", 5);
    const first = get(fixture, { startFromHead: true, limit: 3 });
    const second = get(fixture, { limit: 3, nextToken: first.nextForwardToken });
    const third = get(fixture, { limit: 3, nextToken: second.nextForwardToken });
    expect([first, second, third].map(messages)).toEqual([["s 0", "s 1", "s 2"], ["s 3", "s 4"], []]);
    expect(third.nextForwardToken).toBe(second.nextForwardToken);
    writeLines(fixture, "s", 1, "later");
    expect(messages(get(fixture, { nextToken: third.nextForwardToken }))).toEqual(["later 0"]);
  });

  test("starts with the newest and reads backward until the token repeats", () => {
    const fixture = logsFixture();
    writeLines(fixture, "s", 5);
    const first = get(fixture, { limit: 3 });
    const second = get(fixture, { limit: 3, nextToken: first.nextBackwardToken });
    const third = get(fixture, { limit: 3, nextToken: second.nextBackwardToken });
    expect([first, second, third].map(messages)).toEqual([["s 2", "s 3", "s 4"], ["s 0", "s 1"], []]);
    expect(third.nextBackwardToken).toBe(second.nextBackwardToken);
  });

  test("refuses a time that ends before it begins, as FilterLogEvents does", () => {
    const fixture = logsFixture();
    writeLines(fixture, "s", 1);
    const range = { startTime: fixture.clock.now(), endTime: fixture.clock.now() - 1 };
    expect(() => get(fixture, range)).toThrow("startTime must not be after endTime.");
    expect(() => fixture.call("FilterLogEvents", { logGroupName: "/ecs/app", ...range })).toThrow(
      "startTime must not be after endTime.",
    );
  });

  test("keeps to the time range, whose end is exclusive", () => {
    const fixture = logsFixture();
    const start = fixture.clock.now();
    writeLines(fixture, "s", 5);
    const page = get(fixture, { startTime: start + 2000, endTime: start + 4000, startFromHead: true });
    expect(messages(page)).toEqual(["s 1", "s 2"]);
  });

  test("answers an empty stream with tokens that find what comes later", () => {
    const fixture = logsFixture();
    fixture.call("CreateLogGroup", { logGroupName: "/ecs/app" });
    fixture.call("CreateLogStream", { logGroupName: "/ecs/app", logStreamName: "s" });
    const empty = get(fixture);
    expect(messages(empty)).toEqual([]);
    writeLines(fixture, "s", 1);
    expect(messages(get(fixture, { nextToken: empty.nextForwardToken }))).toEqual(["s 0"]);
  });

  test("stops a page before one megabyte", () => {
    const fixture = logsFixture();
    const write = (message: string) =>
      fixture.sink.write("/ecs/app", "s", [{ timestamp: fixture.clock.now(), message }]);
    for (let index = 0; index < 3; index++) write("z".repeat(500_000));
    const first = get(fixture, { startFromHead: true });
    expect(first.events).toHaveLength(2);
    expect(get(fixture, { nextToken: first.nextForwardToken }).events).toHaveLength(1);
  });

  test("refuses a token of another operation", () => {
    const fixture = logsFixture();
    writeLines(fixture, "s", 1);
    expect(() => get(fixture, { nextToken: "h/1/1" })).toThrow("The specified nextToken is invalid.");
  });
});

test("a stream forgets its oldest events beyond its bounds, and so do searches", () => {
  const fixture = logsFixture({ eventsPerStream: 3, bytesPerStream: 1_000_000 });
  writeLines(fixture, "quiet", 1);
  writeLines(fixture, "s", 5000);
  const page = fixture.call<Logs.FilterLogEventsResponse>("FilterLogEvents", { logGroupName: "/ecs/app" });
  expect(messages(page)).toEqual(["quiet 0", "s 4997", "s 4998", "s 4999"]);
});
