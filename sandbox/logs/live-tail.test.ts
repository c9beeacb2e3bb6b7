import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { type LogsFixture, logsFixture } from "./logs-fixture.ts";

const arnOf = (name: string) => `arn:aws:logs:ap-northeast-2:123456789012:log-group:${name}`;

function open(fixture: LogsFixture, input: object = {}, signal?: AbortSignal) {
  const request = { logGroupIdentifiers: [arnOf("/ecs/app")], ...input };
  const response = fixture.call<Logs.StartLiveTailResponse>("StartLiveTail", request, signal);
  const iterator = response.responseStream?.[Symbol.asyncIterator]();
  if (!iterator) throw new Error("no stream");
  return { iterator, read: async () => (await iterator.next()).value as Logs.StartLiveTailResponseStream | undefined };
}

function write(fixture: LogsFixture, count: number, stream = "blue/app/1"): void {
  const events = Array.from({ length: count }, (_, index) => ({
    timestamp: fixture.clock.now(),
    message: `${index % 2 ? "ERROR" : "INFO"} line ${index}`,
  }));
  fixture.sink.write("/ecs/app", stream, events);
}

function prepared(options?: Parameters<typeof logsFixture>[0]): LogsFixture {
  const fixture = logsFixture(options);
  fixture.call("CreateLogGroup", { logGroupName: "/ecs/app" });
  fixture.call("CreateLogGroup", { logGroupName: "/other" });
  return fixture;
}

test("describes the session, then sends one update a second, empty ones too", async () => {
  const fixture = prepared();
  const { read } = open(fixture);
  expect((await read())?.sessionStart).toMatchObject({
    requestId: "request-1",
    sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    logGroupIdentifiers: [arnOf("/ecs/app")],
  });
  fixture.clock.advance(1000);
  expect((await read())?.sessionUpdate).toEqual({ sessionMetadata: { sampled: false }, sessionResults: [] });
  write(fixture, 1);
  const timestamp = fixture.clock.now();
  fixture.clock.advance(1000);
  expect((await read())?.sessionUpdate?.sessionResults).toEqual([
    {
      logStreamName: "blue/app/1",
      logGroupIdentifier: "123456789012:/ecs/app",
      message: "INFO line 0",
      timestamp,
      ingestionTime: timestamp,
    },
  ]);
});

test("sends 500 events whole and samples more than that", async () => {
  const fixture = prepared();
  const { read } = open(fixture);
  await read();
  write(fixture, 500);
  fixture.clock.advance(1000);
  const whole = (await read())?.sessionUpdate;
  write(fixture, 1001);
  fixture.clock.advance(1000);
  const sampled = (await read())?.sessionUpdate;
  expect([whole?.sessionMetadata?.sampled, whole?.sessionResults?.length]).toEqual([false, 500]);
  expect([sampled?.sessionMetadata?.sampled, sampled?.sessionResults?.length]).toEqual([true, 500]);
  expect(sampled?.sessionResults?.at(-1)?.message).toMatch(/line 99\d$/);
});

test("keeps to streams, prefixes and a filter pattern", async () => {
  const fixture = prepared();
  const byPrefix = open(fixture, { logStreamNamePrefixes: ["green/"], logEventFilterPattern: "ERROR" });
  await byPrefix.read();
  write(fixture, 4, "blue/app/1");
  write(fixture, 4, "green/app/2");
  fixture.clock.advance(1000);
  const results = (await byPrefix.read())?.sessionUpdate?.sessionResults;
  expect(results?.map((event) => `${event.logStreamName} ${event.message}`)).toEqual([
    "green/app/2 ERROR line 1",
    "green/app/2 ERROR line 3",
  ]);
});

test.each<[string, object, RegExp]>([
  ["no group", { logGroupIdentifiers: [] }, /between 1 and 10/],
  ["eleven groups", { logGroupIdentifiers: Array(11).fill(arnOf("/ecs/app")) }, /between 1 and 10/],
  ["a bare name", { logGroupIdentifiers: ["/ecs/app"] }, /not a log group ARN/],
  ["an ARN with an asterisk", { logGroupIdentifiers: [`${arnOf("/ecs/app")}:*`] }, /asterisk/],
  ["an unknown group", { logGroupIdentifiers: [arnOf("/none")] }, /does not exist/],
  [
    "stream names with two groups",
    { logGroupIdentifiers: [arnOf("/ecs/app"), arnOf("/other")], logStreamNames: ["a"] },
    /exactly one log group/,
  ],
  ["names and prefixes", { logStreamNames: ["a"], logStreamNamePrefixes: ["b"] }, /mutually exclusive/],
  ["a long pattern", { logEventFilterPattern: "a".repeat(1025) }, /1024/],
  ["a wrong pattern", { logEventFilterPattern: "{ x" }, /Invalid filter pattern/],
])("refuses %s", (_, input, message) => {
  const fixture = prepared();
  expect(() => open(fixture, input)).toThrow(message);
  expect(fixture.controls.liveTailSessions()).toBe(0);
});

test("allows 15 sessions in the account and frees one when its client goes away", async () => {
  const fixture = prepared();
  const client = new AbortController();
  const { iterator } = open(fixture, {}, client.signal);
  for (let index = 1; index < 15; index++) open(fixture);
  expect(() => open(fixture)).toThrow(expect.objectContaining({ code: "LimitExceededException" }));
  client.abort();
  expect(fixture.controls.liveTailSessions()).toBe(14);
  await iterator.next();
  expect((await iterator.next()).done).toBe(true);
  const next = open(fixture);
  await next.read();
  await next.iterator.return?.();
  expect(fixture.controls.liveTailSessions()).toBe(14);
});

test("ends with SessionTimeoutException after three hours", async () => {
  const fixture = prepared();
  const { iterator, read } = open(fixture);
  const seen: string[] = [];
  for (let second = 0; second < 3 * 3600; second++) {
    fixture.clock.advance(1000);
    const message = await read();
    seen.push(Object.keys(message ?? {})[0] ?? "end");
  }
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    seen.push(Object.keys(next.value)[0] ?? "");
  }
  expect(seen[0]).toBe("sessionStart");
  expect(seen.at(-1)).toBe("SessionTimeoutException");
  expect(fixture.controls.liveTailSessions()).toBe(0);
});

test("drops the oldest updates for a client that reads too slowly", async () => {
  const fixture = prepared();
  const { read } = open(fixture);
  for (let second = 0; second < 30; second++) {
    write(fixture, 1);
    fixture.clock.advance(1000);
  }
  await read();
  const first = (await read())?.sessionUpdate?.sessionResults?.[0]?.timestamp ?? 0;
  expect(fixture.clock.now() - first).toBe(10_000);
});

test("generates lines at the rate asked for, over the time asked for", () => {
  const fixture = logsFixture();
  fixture.controls.generate({ logGroup: "g", logStream: "s", linesPerSecond: 25, seconds: 2, bytesPerLine: 200 });
  const read = () =>
    fixture.call<Logs.GetLogEventsResponse>("GetLogEvents", { logGroupName: "g", logStreamName: "s" }).events ?? [];
  fixture.clock.advance(1000);
  expect(read()).toHaveLength(25);
  fixture.clock.advance(5000);
  const lines = read();
  expect(lines).toHaveLength(50);
  expect(lines.every((line) => line.message?.length === 200)).toBe(true);
});
