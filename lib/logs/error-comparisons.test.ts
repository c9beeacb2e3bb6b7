import { expect, test } from "vitest";
import type { LogReader, LogSearch, RawLogLine } from "../aws/logs.ts";
import type { Application } from "../domain/application/application.ts";
import type { ComparedErrors } from "../domain/observation/compared-errors.ts";
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

function world(lines: readonly (readonly [number, string, string])[], { isDenied = false } = {}) {
  const searches: LogSearch[] = [];
  const told: ComparedErrors[] = [];
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
      if (isDenied) throw new Error("denied");
      const within = raws.filter(({ at }) => at >= (search.from ?? 0) && at <= (search.to ?? NOW));
      const newest = within.toSorted((one, other) => other.at - one.at);
      const size = search.pageSize ?? newest.length;
      for (let from = 0; from < Math.max(1, newest.length); from += size) yield newest.slice(from, from + size);
    },
  } as unknown as LogReader;
  let now = NOW;
  const observer = { observation: () => look, applications: () => [{ name: "library" }] };
  return {
    searches,
    told,
    pass: (ms: number) => {
      now += ms;
    },
    errors: createErrorComparisons({
      reader,
      observer,
      now: () => now,
      told: (_, compared) => told.push(compared),
    }),
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

test("every reading is told once, with which look since the shift it is; a process that starts later goes on by the clock", async () => {
  const shifted = {
    ...switched,
    plan: { shift: { to: switched.to, sentAt: NOW - 61_000 } },
  } as unknown as typeof switched;
  const { errors: comparisons, told, pass } = world(requests(1, "b", NOW - 1000));
  await Promise.all([1, 2].map(() => comparisons.compare(application, look, shifted)));
  expect(told).toMatchObject([{ at: NOW, about: shifted.id, look: 3, why: null }]);
  // Another look within the same half minute is one more all the same.
  await comparisons.compare(application, look, { ...shifted, stage: "BAKE_TIME" });
  pass(31_000);
  await comparisons.compare(application, look, { ...shifted, stage: "BAKE_TIME" });
  expect(told.map((each) => each.look)).toEqual([3, 4, 5]);
});

test("where the log cannot be read that is told, and not asked again at every turn", async () => {
  const { errors: comparisons, searches, told } = world([], { isDenied: true });
  for (let turn = 0; turn < 20; turn++)
    await expect(comparisons.compare(application, look, switched)).rejects.toThrow("denied");
  expect(searches).toHaveLength(2);
  expect(told).toMatchObject([{ found: null, why: { code: "awsError.silent" } }]);
});

test("whoever can write into the log makes no more work than so many lines of each side, whatever they write", async () => {
  const flood = Array.from(
    { length: 30_000 },
    (_, n) =>
      [
        SWITCHED + 1000 + (n % 200_000),
        "g",
        `ERROR ${"abcdefghij"[n % 10]}${n.toString(26)}z ${"x".repeat(50)}`,
      ] as const,
  );
  const { errors: comparisons, searches } = world([...requests(200, "b", SWITCHED - 60_000), ...flood]);
  const found = await comparisons.compare(application, look, switched);
  expect(searches).toHaveLength(2);
  expect(found.kinds).toBeLessThanOrEqual(1000);
});
