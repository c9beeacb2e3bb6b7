import { expect, test } from "vitest";
import type { LogReader, LogSearch, RawLogLine } from "../aws/logs.ts";
import { parseLogFilter } from "../domain/observation/log-filter.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { say } from "../domain/sentence/sentence.ts";
import { type LogPageRequest, readLogPage, readLogSpan } from "./log-pages.ts";

const streams = {
  ownerOf: (stream: string) => (stream === "b" ? { slot: "blue" as const, taskId: "t" } : null),
  isForeign: (stream: string) => stream === "foreign",
  streamsOf: () => [],
};

/** CloudWatch Logs with these lines in it, answered in pages. */
function readerOf(groups: Record<string, RawLogLine[]>) {
  const seen: LogSearch[] = [];
  const reader = {
    async *filterLines(search: LogSearch) {
      seen.push(search);
      const all = (groups[search.logGroup.name] ?? []).filter(
        ({ at }) => at >= (search.from ?? 0) && at <= (search.to ?? Number.POSITIVE_INFINITY),
      );
      const rows = search.newestFirst ? all.toReversed() : all;
      const size = search.pageSize ?? 1000;
      // An empty page first, as AWS sometimes answers.
      yield [];
      for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
    },
  } as unknown as LogReader;
  return { reader, seen };
}

const raw = (at: number, message = `line ${at}`, stream = "b"): RawLogLine => ({
  at,
  ingestedAt: at,
  stream,
  message,
  eventId: `${at}`,
});
const rows = (count: number, from = 1) => Array.from({ length: count }, (_, n) => raw(from + n));

const request = (given: Partial<LogPageRequest> = {}): LogPageRequest => ({
  application: { region: "r", accountId: "1" } as never,
  sources: [{ group: "/a", side: null }],
  streams,
  from: 0,
  to: 100_000,
  direction: "older",
  slots: "both",
  filter: "",
  limit: 10,
  signal: new AbortController().signal,
  ...given,
});
const times = (lines: readonly { at: number }[]) => lines.map(({ at }) => at);

test("the lines nearest to a moment, on both of its sides, and whether there are more", async () => {
  const { reader } = readerOf({ "/a": rows(50) });
  const older = await readLogPage(reader, request({ to: 30, limit: 3 }));
  expect(older).toMatchObject({ from: 28, to: 30, isComplete: false });
  expect(times(older.lines)).toEqual([28, 29, 30]);
  const newer = await readLogPage(reader, request({ from: 30, direction: "newer", limit: 3 }));
  expect(newer).toMatchObject({ from: 30, to: 32, isComplete: false });
  expect(times(newer.lines)).toEqual([30, 31, 32]);
  const all = await readLogPage(reader, request({ limit: 1000 }));
  expect(all).toMatchObject({ from: 0, to: 100_000, isComplete: true });
  expect(all.lines).toHaveLength(50);
});

test("of several groups a page is whole: what one was not read as far as is left out of the other", async () => {
  const { reader } = readerOf({ "/a": rows(2000), "/b": [raw(5), raw(1995, "of b")] });
  const sources = [
    { group: "/a", side: null },
    { group: "/b", side: "green" as const },
  ];
  const page = await readLogPage(reader, request({ sources, to: 2000, limit: 20 }));
  expect(page.from).toBeGreaterThan(1900);
  expect(page.lines.find(({ text }) => text === "of b")).toMatchObject({ slot: "blue" });
  expect(times(page.lines)).not.toContain(5);
});

test("sides, text in any case and prefixes narrow it; unknown sides are shown, other applications' lines are not", async () => {
  const lines = [raw(1, "Needle"), raw(2, "hay"), raw(3, "needle", "x"), raw(4, "needle", "foreign")];
  const { reader } = readerOf({ "/a": lines });
  const page = await readLogPage(reader, request({ filter: "NEEDLE" }));
  expect(page.lines.map(({ at, slot }) => [at, slot])).toEqual([
    [1, "blue"],
    [3, null],
  ]);
  expect(times((await readLogPage(reader, request({ slots: "green" }))).lines)).toEqual([3]);
  const application = { region: "r", accountId: "1", logs: { streamPrefixes: ["b", "c"] } } as never;
  expect(times((await readLogPage(reader, request({ application }))).lines)).toEqual([1, 2]);
});

test("a filter that matches nothing ends within its reads and says how far it looked", async () => {
  const { reader, seen } = readerOf({ "/a": rows(100_000) });
  const page = await readLogPage(reader, request({ filter: "nothing", limit: 1000 }));
  expect(page).toEqual({ lines: [], from: 91_001, to: 100_000, isComplete: false });
  expect(seen).toHaveLength(1);
});

test("a group that does not exist has no lines", async () => {
  const reader = {
    // biome-ignore lint/correctness/useYield: AWS refuses before the first page
    async *filterLines() {
      const { AwsFailure } = await import("../aws/errors.ts");
      throw new AwsFailure({ kind: "missing", message: "gone", code: "ResourceNotFoundException" } as never);
    },
  } as unknown as LogReader;
  expect(await readLogPage(reader, request())).toMatchObject({ lines: [], isComplete: true });
});

test("a span is read from its oldest line to its newest, each line once, and is cut where it is too much", async () => {
  const same = Array.from({ length: 5 }, (_, n) => raw(1500, `same moment ${n}`));
  const { reader } = readerOf({ "/a": [...rows(1499), ...same, ...rows(1000, 1501)] });
  const read = async (bounds?: { lines: number; characters: number }) => {
    const found: string[] = [];
    let cut: string | null = null;
    for await (const page of readLogSpan(reader, request(), bounds)) {
      found.push(...page.lines.map(({ text }) => text));
      cut = page.cut && inEnglish(page.cut);
    }
    return { found, cut };
  };
  const whole = await read();
  expect(whole.found).toHaveLength(2504);
  expect(new Set(whole.found).size).toBe(2504);
  expect(whole.cut).toBeNull();
  const short = await read({ lines: 1200, characters: 1e9 });
  expect(short.found.length).toBeLessThan(2504);
  expect(short.cut).toMatch(/^Cut at 1970-01-01T00:00:0\d\.\d+Z: a download holds 1,200 lines/);
});

const matching = (typed: string, clock = () => 0) => parseLogFilter(typed, { now: 0, clock, maxSpentMs: 300 });

test.each([
  ["level:error", [2]],
  ["status=503", [2]],
  ["대출 실패".normalize("NFD"), [2, 4]],
  ['-"대출 실패" line', [1, 3]],
  ["/실패$/", [4]],
  ["task:t level:error", [2]],
])("lines of the past and a download match %s as the panel does", async (typed, found) => {
  const lines = [
    raw(1, "line"),
    raw(2, "ERROR 대출 실패 status=503"),
    raw(3, "line"),
    raw(4, "대출 실패".normalize("NFD")),
  ];
  const { reader } = readerOf({ "/a": lines });
  const asked = request({ query: matching(typed) });
  expect(times((await readLogPage(reader, asked)).lines)).toEqual(found);
  const pages = [];
  for await (const page of readLogSpan(reader, asked)) pages.push(...page.lines);
  expect(times(pages)).toEqual(found);
});

test("a download whose pattern takes too long ends with those words, and with nothing that does not match", async () => {
  const { reader } = readerOf({ "/a": rows(50) });
  let now = 0;
  const asked = request({ query: matching("/(x+)+y/", () => (now += 200)) });
  const pages = [];
  for await (const page of readLogSpan(reader, asked)) pages.push(page);
  expect(pages).toEqual([
    { lines: [], cut: say("logGap.cut", { at: expect.any(String), why: say("logs.patternSlow") }) },
  ]);
});

test("no secret leaves with a line of the past, neither what always is one nor what the application says is", async () => {
  const lines = [raw(1, "ERROR password=hunter2 of M-123456")];
  const { reader } = readerOf({ "/a": lines });
  const mask = [{ name: "member number", pattern: "M-\\d{6}" }];
  const application = { region: "r", accountId: "1", logs: { mask } } as never;
  const page = await readLogPage(reader, request({ application }));
  expect(page.lines[0]?.text).toBe("ERROR password=[masked: named secret] of [masked: member number]");
});
