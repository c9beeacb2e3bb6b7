import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { type LogsFixture, logsFixture, writeLines } from "./logs-fixture.ts";

const QUERY = "fields @timestamp, @message | sort @timestamp asc";

function world() {
  const fixture = logsFixture();
  const from = Math.floor(fixture.clock.now() / 1000);
  writeLines(fixture, "blue/app/1", 3, "ERROR boom");
  writeLines(fixture, "green/app/2", 3, "INFO fine");
  return { fixture, span: { startTime: from, endTime: Math.ceil(fixture.clock.now() / 1000) } };
}

function start(fixture: LogsFixture, input: object): string {
  const { queryId = "" } = fixture.call<Logs.StartQueryResponse>("StartQuery", { logGroupName: "/ecs/app", ...input });
  return queryId;
}
const results = (fixture: LogsFixture, queryId: string) =>
  fixture.call<Logs.GetQueryResultsResponse>("GetQueryResults", { queryId });
const messages = ({ results = [] }: Logs.GetQueryResultsResponse) =>
  results.map((row) => row.find(({ field }) => field === "@message")?.value);

test("is scheduled, runs and completes, with what it scanned and a pointer to each event", () => {
  const { fixture, span } = world();
  const id = start(fixture, { ...span, queryString: `${QUERY} | filter @message like /(?i)error/` });
  expect(results(fixture, id)).toMatchObject({ status: "Scheduled", results: [] });
  fixture.clock.advance(500);
  expect(results(fixture, id).status).toBe("Running");
  fixture.clock.advance(1000);
  const complete = results(fixture, id);
  expect(complete.status).toBe("Complete");
  expect(messages(complete)).toEqual(["ERROR boom 0", "ERROR boom 1", "ERROR boom 2"]);
  expect(complete.statistics).toEqual({ recordsMatched: 3, recordsScanned: 6, bytesScanned: 69 });
  expect(complete.results?.[0]?.map(({ field }) => field)).toEqual(["@timestamp", "@message", "@ptr"]);
  expect(complete.results?.[0]?.[0]?.value).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
});

test("the newest come first unless sorted, as many as asked for", () => {
  const { fixture, span } = world();
  const id = start(fixture, { ...span, queryString: "fields @message | limit 2", limit: 5 });
  fixture.clock.advance(2000);
  expect(messages(results(fixture, id))).toEqual(["INFO fine 2", "INFO fine 1"]);
});

test("is stopped once, and answers then that it was", () => {
  const { fixture, span } = world();
  const id = start(fixture, { ...span, queryString: QUERY });
  expect(fixture.call("StopQuery", { queryId: id })).toEqual({ success: true });
  expect(results(fixture, id)).toMatchObject({ status: "Cancelled" });
  expect(() => fixture.call("StopQuery", { queryId: id })).toThrow(/not in Running or Scheduled state/);
});

test.each<[string, object, string]>([
  ["no group", { logGroupName: undefined }, "InvalidParameterException"],
  ["a group named twice over", { logGroupNames: ["/ecs/app"] }, "InvalidParameterException"],
  ["an unknown group", { logGroupName: "/ecs/none" }, "ResourceNotFoundException"],
  ["milliseconds", { startTime: 1_800_000_000_000 }, "InvalidParameterException"],
  ["an end before the beginning", { endTime: 1 }, "InvalidParameterException"],
  ["a span from before the group", { startTime: 1, endTime: 2 }, "MalformedQueryException"],
  ["too many lines", { limit: 10_001 }, "InvalidParameterException"],
  ["an unknown command", { queryString: "select *" }, "MalformedQueryException"],
  ["an unknown field", { queryString: "fields @nothing" }, "MalformedQueryException"],
  ["a pattern that is none", { queryString: "filter @message like /(/" }, "MalformedQueryException"],
  ["a pattern of two lines", { queryString: "filter @message like /a\nb/" }, "MalformedQueryException"],
  ["a pattern that a slash ends early", { queryString: "filter @message like /a/b/" }, "MalformedQueryException"],
  ["a comment in the middle of a pattern", { queryString: "filter @message like /a\n# /" }, "MalformedQueryException"],
  ["an escape of nothing", { queryString: "filter @message like /\\q/" }, "MalformedQueryException"],
  ["a quote that does not end", { queryString: 'filter @message like "a' }, "MalformedQueryException"],
  ["nothing between pipes", { queryString: "fields @message | | limit 1" }, "MalformedQueryException"],
])("refuses %s", (_what, input, code) => {
  const { fixture, span } = world();
  expect(() => start(fixture, { ...span, queryString: QUERY, ...input })).toThrow(expect.objectContaining({ code }));
});

test("30 run at once in an account", () => {
  const { fixture, span } = world();
  for (let n = 0; n < 30; n++) start(fixture, { ...span, queryString: QUERY });
  expect(() => start(fixture, { ...span, queryString: QUERY })).toThrow(/concurrency limit of \[30\]/);
  fixture.clock.advance(2000);
  expect(start(fixture, { ...span, queryString: QUERY })).not.toBe("");
});
