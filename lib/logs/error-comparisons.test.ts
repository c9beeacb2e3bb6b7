import { expect, test } from "vitest";
import type { LogReader, LogSearch, RawLogLine } from "../aws/logs.ts";
import type { Application } from "../domain/application/application.ts";
import { observation } from "../testing/facts.ts";
import { deploymentRow, stoppedTask } from "../testing/test-rows.ts";
import { createErrorComparisons } from "./error-comparisons.ts";

const NOW = 1_800_000_000_000;
const SWITCHED = NOW - 5 * 60_000;
const GROUP = "/ecs/library";
const application = {
  name: "library",
  region: "r",
  accountId: "1",
  logGroup: GROUP,
  requestLine: "GET \\S+ (?<status>\\d{3})",
} as unknown as Application;
const look = observation({
  blue: { tasks: [{ ...stoppedTask("b1", NOW), logStream: "b" }] },
  green: { tasks: [{ ...stoppedTask("g1", NOW), logStream: "g" }] },
});
const switched = deploymentRow({
  startedAt: NOW - 20 * 60_000,
  stages: [{ stage: "PRODUCTION_TRAFFIC_SHIFT", status: "SUCCEEDED", startedAt: SWITCHED, finishedAt: SWITCHED }],
});

function world(lines: readonly (readonly [number, string, string])[]) {
  const searches: LogSearch[] = [];
  const raws: RawLogLine[] = lines.map(([at, stream, message], n) => ({
    at,
    ingestedAt: at,
    stream,
    message,
    eventId: `${n}`,
  }));
  const reader = {
    async *filterLines(search: LogSearch) {
      searches.push(search);
      yield raws.filter(({ at }) => at >= (search.from ?? 0) && at <= (search.to ?? NOW)).toReversed();
    },
  } as unknown as LogReader;
  let now = NOW;
  const observer = { observation: () => look, applications: () => [{ name: "library" }] };
  return {
    searches,
    pass: (ms: number) => {
      now += ms;
    },
    errors: createErrorComparisons({ reader, observer, now: () => now }),
  };
}
const requests = (count: number, stream: string, at: number) =>
  Array.from({ length: count }, () => [at, stream, "INFO GET /books 200"] as const);
const errors = (count: number, stream: string, at: number, text: string) =>
  Array.from({ length: count }, (_, n) => [at + n * 1000, stream, `ERROR ${text} ${n}`] as const);

test("after a switch the new side is compared with the old one while that had its traffic", async () => {
  const { errors: comparisons } = world([
    ...requests(200, "b", SWITCHED - 60_000),
    ...errors(10, "b", SWITCHED - 60_000, "known"),
    // The old side's end is no part of it.
    ...errors(50, "b", SWITCHED + 10_000, "connection closed"),
    ...requests(200, "g", SWITCHED + 60_000),
    ...errors(12, "g", SWITCHED + 60_000, "known"),
    ...errors(12, "g", SWITCHED + 60_000, "boom"),
  ]);
  const found = await comparisons.compare(application, look, switched);
  expect(found.exposure).toEqual({ blue: 200, green: 200 });
  expect(found.onlyHere.map(({ signature, firstAt }) => [signature, firstAt])).toEqual([
    ["ERROR boom #", SWITCHED + 60_000],
  ]);
  expect([...found.gone, ...found.moreHere, ...found.maybe]).toEqual([]);
});

test("is read at most twice a minute, whoever asks, and anew when the deployment goes on", async () => {
  const { errors: comparisons, searches, pass } = world(requests(1, "b", NOW - 1000));
  await Promise.all([1, 2, 3].map(() => comparisons.compare(application, look, switched)));
  expect(searches).toHaveLength(2);
  pass(29_000);
  await comparisons.compare(application, look, switched);
  expect(searches).toHaveLength(2);
  await comparisons.compare(application, look, { ...switched, stage: "BAKE_TIME" });
  expect(searches).toHaveLength(4);
  pass(31_000);
  await comparisons.compare(application, look, { ...switched, stage: "BAKE_TIME" });
  expect(searches).toHaveLength(6);
});
