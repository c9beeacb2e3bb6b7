import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { type LogsFixture, logsFixture, writeLines } from "./logs-fixture.ts";

const search = (fixture: LogsFixture, input: object = {}) =>
  fixture.call<Logs.FilterLogEventsResponse>("FilterLogEvents", { logGroupName: "/ecs/app", ...input });

const messages = (page: Logs.FilterLogEventsResponse) => page.events?.map((event) => event.message) ?? [];

/** Follows tokens to the end. */
function pages(fixture: LogsFixture, input: object): string[][] {
  const all: string[][] = [];
  let nextToken: string | undefined;
  do {
    const page = search(fixture, { ...input, nextToken });
    all.push(messages(page) as string[]);
    nextToken = page.nextToken;
  } while (nextToken && all.length < 50);
  return all;
}

function interleaved(): LogsFixture {
  const fixture = logsFixture();
  for (let round = 0; round < 3; round++) {
    writeLines(fixture, "blue/app/1", 1, `blue ${round}`);
    writeLines(fixture, "green/app/2", 1, `green ${round}`);
  }
  return fixture;
}

test("interleaves streams by time and gives every event its own sortable id", () => {
  const page = search(interleaved());
  expect(messages(page)).toEqual(["blue 0 0", "green 0 0", "blue 1 0", "green 1 0", "blue 2 0", "green 2 0"]);
  const ids = page.events?.map((event) => event.eventId ?? "") ?? [];
  expect(new Set(ids).size).toBe(6);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every((id) => /^\d{56}$/.test(id))).toBe(true);
});

test("searches chosen streams by name or prefix, never both", () => {
  const fixture = interleaved();
  expect(messages(search(fixture, { logStreamNames: ["green/app/2"] }))).toHaveLength(3);
  expect(messages(search(fixture, { logStreamNamePrefix: "blue/" }))).toEqual(["blue 0 0", "blue 1 0", "blue 2 0"]);
  expect(() => search(fixture, { logStreamNames: ["x"] })).toThrow("The specified log stream does not exist.");
  expect(() => search(fixture, { logStreamNames: ["blue/app/1"], logStreamNamePrefix: "b" })).toThrow(
    /mutually exclusive/,
  );
});

test("keeps to a time range whose ends are both inclusive", () => {
  const fixture = interleaved();
  const end = fixture.clock.now();
  expect(messages(search(fixture, { startTime: end - 2000, endTime: end - 1000 }))).toEqual(["green 1 0", "blue 2 0"]);
});

test("pages through in both directions without losing or repeating an event", () => {
  const fixture = interleaved();
  expect(pages(fixture, { limit: 4 }).map((page) => page.length)).toEqual([4, 2]);
  const backward = pages(fixture, { limit: 4, startFromHead: false }).flat();
  expect(backward).toEqual(messages(search(fixture)).toReversed());
});

test("answers with empty pages and tokens while it looks through many events that do not match", () => {
  const fixture = logsFixture({ examinedPerPage: 10 });
  writeLines(fixture, "noise", 25);
  writeLines(fixture, "s", 1, "needle");
  expect(pages(fixture, { filterPattern: "needle" })).toEqual([[], [], ["needle 0"]]);
});

test("starts every n-th search with an empty page when told to", () => {
  const fixture = logsFixture({ emptyPageEvery: 2 });
  writeLines(fixture, "s", 2);
  expect(pages(fixture, {})).toEqual([["s 0", "s 1"]]);
  expect(pages(fixture, {})).toEqual([[], ["s 0", "s 1"]]);
});

test("takes a group by name or ARN, one of the two", () => {
  const fixture = interleaved();
  const logGroupIdentifier = "arn:aws:logs:ap-northeast-2:123456789012:log-group:/ecs/app";
  expect(messages(search(fixture, { logGroupName: undefined, logGroupIdentifier }))).toHaveLength(6);
  expect(() => search(fixture, { logGroupIdentifier })).toThrow(/Exactly one of/);
  expect(() => search(fixture, { filterPattern: "{ broken" })).toThrow("Invalid filter pattern");
  expect(() => search(fixture, { limit: 10_001 })).toThrow(/less than or equal to 10000/);
});
