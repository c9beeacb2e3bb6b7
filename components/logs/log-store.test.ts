import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sayer } from "@/components/messages/said.ts";
import { signatureOf } from "@/lib/domain/log/signature.ts";
import { absoluteFilter, parseLogFilter as parse } from "@/lib/domain/observation/log-filter.ts";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { LogBuffer, type LogRow } from "./log-buffer.ts";
import { LogRate } from "./log-rate.ts";
import { rowsAsText } from "./log-row-text.ts";
import { ErrorSignatures } from "./log-signatures.ts";
import { type LogPorts, LogStore } from "./log-store.ts";
import { LogView } from "./log-view.ts";

const parseLogFilter = (typed: string, now = 0, clock = () => 0) => parse(typed, { now, clock, maxSpentMs: 2000 });
const line = (id: string, at: number, over: Partial<LogLine> = {}): LogLine => ({
  id,
  at,
  slot: "blue",
  taskId: "3e91c0d2f1",
  stream: "library/library/3e91c0d2f1",
  level: "info",
  text: `line ${id}`,
  ...over,
});
const row = (id: string, at: number, over: Partial<LogLine> = {}): LogRow => ({
  kind: "line",
  id,
  at,
  line: line(id, at, over),
});
const ids = (rows: readonly LogRow[]) => rows.map((each) => each.id).join(" ");

const SWITCHED = say("logs.mark.switched", { to: "green" });
const english: Sayer = (sentence) => (typeof sentence === "object" ? inEnglish(sentence) : (sentence ?? ""));

describe("the buffer", () => {
  it("keeps rows in the order of their times, late ones sorted in", () => {
    const buffer = new LogBuffer();
    expect(buffer.add([row("b", 2), row("a", 1), row("d", 4)]).from).toBe(0);
    expect(buffer.add([row("c", 3), row("e", 5)]).from).toBe(2);
    expect(buffer.add([row("f", 5)]).from).toBe(5);
    expect(ids(buffer.rows)).toBe("a b c d e f");
  });

  it("takes a line once however often a reconnect brings it", () => {
    const buffer = new LogBuffer();
    buffer.add([row("a", 1), row("b", 2)]);
    expect(buffer.add([row("a", 1), row("b", 2)]).added).toEqual([]);
    expect(ids(buffer.rows)).toBe("a b");
  });

  it("drops the oldest of long lines before they end the tab, and never the newest", () => {
    const buffer = new LogBuffer(100, 1000);
    buffer.add(Array.from({ length: 10 }, (_, i) => row(`r${i}`, i, { text: "x".repeat(100) })));
    const { dropped } = buffer.add([row("long", 20, { text: "y".repeat(450) })]);
    expect([ids(dropped), buffer.has("r0")]).toEqual(["r0 r1 r2 r3 r4", false]);
    buffer.add([row("huge", 30, { text: "z".repeat(5000) })]);
    expect(ids(buffer.rows)).toBe("huge");
  });

  it("copies a line of several as one entry, whatever it says", () => {
    const [first, second, ...more] = rowsAsText(
      [row("a", 0, { text: "boom\n1970-01-01T00:00:00.000Z green - INFO fine" })],
      english,
    ).split("\n");
    expect([first?.endsWith("boom"), second?.startsWith("    "), more]).toEqual([true, true, []]);
  });

  it("drops the oldest when full", () => {
    const buffer = new LogBuffer(10);
    buffer.add(Array.from({ length: 10 }, (_, i) => row(`r${i}`, i)));
    const { dropped, from } = buffer.add([row("x", 100), row("y", 101)]);
    expect([ids(dropped), from]).toEqual(["r0 r1", 8]);
    expect(ids(buffer.rows)).toBe("r2 r3 r4 r5 r6 r7 r8 r9 x y");
    buffer.add([row("older than all", -1)]);
    expect(buffer.rows[0]?.id).toBe("r2");
  });

  it("holds a hundred thousand lines that arrive in batches", () => {
    const buffer = new LogBuffer();
    for (let batch = 0; batch < 1000; batch++)
      buffer.add(Array.from({ length: 125 }, (_, i) => row(`${batch}-${i}`, batch * 250 + i)));
    expect(buffer.rows.length).toBeGreaterThanOrEqual(100_000);
    expect(buffer.rows.length).toBeLessThanOrEqual(105_000);
  });
});

describe("the filter", () => {
  const error = line("e", 1, { level: "error", text: 'Failed {"status":503,"path":"/loans"} user=ada' });
  it.each([
    ["", true],
    ["failed", true],
    ["failed nothing", false],
    ["/fail.d/i", true],
    ["/^x/", false],
    ["level:error", true],
    ["level:warn", true],
    ["status=503", true],
    ["status=50", false],
    ["user=ada", true],
    ["user=ad", false],
    ["task:3e91", true],
    ["task:77c2", false],
    ["-failed", false],
    ["-level:error", false],
    ["failed -timeout", true],
    ['"failed {"', true],
    ['"failed  {"', false],
    ["container:library", true],
    ["container:router", false],
    ["after:1970-01-01T00:00:00Z", true],
    ["before:1970-01-01T00:00:00Z", false],
    ["STATUS=503", true],
  ])("%j shows the line: %s", (typed, isShown) => expect(parseLogFilter(typed).matches(error)).toBe(isShown));

  it("shows errors only for level:error", () => {
    expect(parseLogFilter("level:error").matches(line("w", 1, { level: "warn" }))).toBe(false);
    expect(parseLogFilter("level:error").matches(line("n", 1, { level: null }))).toBe(false);
  });

  it("shows everything and says so while a regular expression is half typed", () => {
    const filter = parseLogFilter("/(/");
    expect(filter.matches(error)).toBe(true);
    expect(filter.problem).not.toBeNull();
  });

  it("finds words composed or decomposed, in any case", () => {
    const typed = "대출 실패";
    for (const written of [typed, typed.normalize("NFD")])
      for (const asked of [typed, typed.normalize("NFD"), `"${typed}"`, `/${typed}$/`, `/${typed.normalize("NFD")}/`])
        expect(parseLogFilter(asked).matches(line("k", 1, { text: `ERROR ${written}` })), asked).toBe(true);
    expect(parseLogFilter("straße").matches(line("k", 1, { text: "STRASSE" }))).toBe(true);
  });

  it("reads clock times in the day that it is", () => {
    const noon = new Date(2026, 10, 29, 12, 0, 0).getTime();
    const after = parseLogFilter("after:11:59 before:12:00:30", noon);
    expect([noon - 61_000, noon, noon + 31_000].map((at) => after.matches(line("c", at)))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("writes clock times as dates for whoever has another clock, and leaves patterns alone", () => {
    const noon = new Date(2026, 10, 29, 12, 0, 0).getTime();
    const iso = new Date(2026, 10, 29, 11, 59, 0).toISOString();
    expect(absoluteFilter("x -after:11:59 before:2026-11-29T00:00:00Z", noon)).toBe(
      `x -after:${iso} before:2026-11-29T00:00:00Z`,
    );
    expect(absoluteFilter("/after:11:59/", noon)).toBe("/after:11:59/");
  });

  it("gives a pattern up that takes too long, says so, and shows everything", () => {
    let now = 0;
    const filter = parseLogFilter("/(a+)+$/", 0, () => (now += 500));
    for (let n = 0; n < 10; n++) filter.matches(line("p", n, { text: "b" }));
    expect(filter.problem).toEqual(say("logs.patternSlow"));
    expect(filter.matches(line("p", 99, { text: "b" }))).toBe(true);
  });

  it("says which patterns cannot be used", () => {
    expect(parseLogFilter("/(?=a)/").problem?.params.why).toMatch(/ahead or back/);
  });

  it("takes what looks like a pattern literally in a field", () => {
    expect(parseLogFilter("path=/lo.ns").matches(error)).toBe(false);
  });
});

describe("a view", () => {
  const all = parseLogFilter("");
  it("keeps up with lines at the end and with lines sorted in", () => {
    const buffer = new LogBuffer();
    const view = new LogView({ slot: "green", filter: all }, buffer.rows);
    view.apply(
      buffer.add([row("b1", 1), row("g2", 2, { slot: "green" }), row("g4", 4, { slot: "green" })]),
      buffer.rows,
    );
    view.apply(buffer.add([row("g3", 3, { slot: "green" })]), buffer.rows);
    expect(ids(view.rows)).toBe("g2 g3 g4");
  });

  it("shows the same as one made anew, whatever comes late, at once or falls out", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.array(
            fc.tuple(fc.nat(60), fc.constantFrom("blue", "green", null), fc.constantFrom("error", "info", null)),
            {
              maxLength: 12,
            },
          ),
        ),
        (batches) => {
          const buffer = new LogBuffer(20);
          const settings = { slot: "green", filter: parseLogFilter("-7") } as const;
          const view = new LogView(settings, buffer.rows);
          batches.forEach((batch, index) => {
            const rows = batch.map(([at, slot, level], place) => row(`${index}-${place}-${at}`, at, { slot, level }));
            view.apply(buffer.add(rows), buffer.rows);
            const anew = new LogView(settings, buffer.rows);
            expect(ids(view.rows)).toBe(ids(anew.rows));
            expect(view.levels).toEqual(anew.levels);
          });
        },
      ),
    );
  });

  it("a search that is done in parts finds the newest first and in the end the same, whatever comes, is sorted in or falls out meanwhile", () => {
    let now = 0;
    const brief = { ms: 1, clock: () => now++ };
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(fc.nat(3000), fc.constantFrom("blue", "green", null)), { maxLength: 8 }), {
          maxLength: 6,
        }),
        fc.integer({ min: 300, max: 1500 }),
        (batches, count) => {
          const buffer = new LogBuffer(1200);
          buffer.add(
            Array.from({ length: count }, (_, i) => row(`k${i}`, i * 2, { slot: i % 3 === 0 ? "green" : "blue" })),
          );
          const settings = { slot: "green", filter: parseLogFilter("-7") } as const;
          const view = new LogView({ slot: "both", filter: all }, buffer.rows);
          view.reset(settings, buffer.rows, brief);
          while (view.rows.length === 0 && !view.isComplete) view.more(buffer.rows, brief);
          expect(view.rows.at(-1)?.id).toBe(new LogView(settings, buffer.rows).rows.at(-1)?.id);
          batches.forEach((batch, index) => {
            const rows = batch.map(([at, slot], place) => row(`${index}-${place}-${at}`, at, { slot }));
            view.apply(buffer.add(rows), buffer.rows);
            if (index % 2 === 0) view.more(buffer.rows, brief);
          });
          while (!view.isComplete) view.more(buffer.rows, brief);
          expect(ids(view.rows)).toBe(ids(new LogView(settings, buffer.rows).rows));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("shows marks, gaps and lines of an unknown side in every pane", () => {
    const buffer = new LogBuffer();
    buffer.add([{ kind: "marker", id: "m", at: 1, text: SWITCHED }, row("u", 2, { slot: null }), row("b", 3)]);
    expect(ids(new LogView({ slot: "green", filter: all }, buffer.rows).rows)).toBe("m u");
  });
});

describe("rates and error kinds", () => {
  it("counts lines and errors by second and forgets what is old", () => {
    const rate = new LogRate(1000, 3);
    for (const at of [1000, 1100, 2000, 3900]) rate.add(at, at === 2000);
    expect(rate.buckets(3999)).toEqual([
      { lines: 2, errors: 0 },
      { lines: 1, errors: 1 },
      { lines: 1, errors: 0 },
    ]);
    expect(rate.perSecond(3999, 2)).toBe(1.5);
  });

  it("calls errors the same that differ in numbers and ids only", () => {
    expect(signatureOf('loan 17 of "ada" failed at 3e91c0d2f1aa')).toBe(
      signatureOf('loan 99 of "bob" failed at 77c2e91fc3bb'),
    );
    expect(signatureOf("loan failed")).not.toBe(signatureOf("member failed"));
  });

  const MINUTE = 60_000;
  /** Both sides have been heard for a minute. */
  const heard = () => {
    const seen = new ErrorSignatures();
    for (const slot of ["blue", "green"] as const)
      for (const at of [0, MINUTE]) seen.add(line(`${slot}${at}`, at, { slot }));
    return seen;
  };

  it.each([
    ["2026-11-29 17:00:01 ERROR timeout after 1.5 s", "2026-11-30T08:00:00.123Z ERROR timeout after 20 s"],
    ["no mail to kim@example.com", "no mail to lee.park@example.org"],
    ["connect 10.0.3.14:5432", "connect 10.0.3.15:6432"],
    ["loan 4f0a1c7e-0b1d-4a7e-9c1b-2f3e4d5c6b7a", "loan 0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"],
    ["대출 실패 12", "대출 실패 7".normalize("NFD")],
    [
      "ERROR x\n\tat a.b(C.java:1)\nCaused by: java.io.IOException: gone",
      "ERROR x\n\tat a.d(C.java:9)\nCaused by: java.io.IOException: gone",
    ],
  ])("calls the same: %j and %j", (one, other) => expect(signatureOf(one)).toBe(signatureOf(other)));

  it("tells traces with different causes apart", () => {
    const trace = (cause: string) => `ERROR x\n\tat a.b(C.java:1)\nCaused by: ${cause}`;
    expect(signatureOf(trace("java.io.IOException: gone"))).not.toBe(signatureOf(trace("java.lang.Error: full")));
  });

  it("counts the kinds that one side alone has", () => {
    const seen = heard();
    seen.add(line("1", 1, { level: "error", text: "timeout after 30 ms" }));
    seen.add(line("2", 1, { level: "error", slot: "green", text: "timeout after 99 ms" }));
    seen.add(line("3", 1, { level: "error", slot: "green", text: "shelf is null" }));
    seen.add(line("4", 1, { slot: "green", text: "only information" }));
    expect([seen.onlyIn("green"), seen.onlyIn("blue")]).toEqual([1, 0]);
  });

  it("lists those of one side with their newest line and their first time, the most frequent first", () => {
    const seen = heard();
    const errors = ["shelf 1 is null", "no route to host", "shelf 2 is null"];
    errors.forEach((text, i) => {
      seen.add(line(String(i), 10 + i, { level: "error", slot: "green", text }));
    });
    expect(seen.listOnlyIn("green").map(({ text, count, firstAt }) => [text, count, firstAt])).toEqual([
      ["shelf 2 is null", 2, 10],
      ["no route to host", 1, 11],
    ]);
  });

  it("compares only while both sides are heard, and long enough to say something", () => {
    const seen = new ErrorSignatures();
    const failure = (at: number) => line(`e${at}`, at, { level: "error", slot: "green", text: "shelf is null" });
    seen.add(failure(0));
    seen.add(line("g", 10 * MINUTE, { slot: "green" }));
    expect(seen.onlyIn("green")).toBe(0);
    seen.add(line("b", 10 * MINUTE, { slot: "blue" }));
    seen.add(line("b2", 12 * MINUTE, { slot: "blue" }));
    // It was seen before blue was heard at all: nobody knows whether blue had it, too.
    expect(seen.onlyIn("green")).toBe(0);
    seen.add(failure(11 * MINUTE));
    expect(seen.onlyIn("green")).toBe(1);
  });
});

describe("the store", () => {
  const ports = (over: Partial<LogPorts> = {}): LogPorts => ({
    open: () => ({ onopen: null, onerror: null, addEventListener: () => {}, close: () => {} }),
    findRefusal: () => Promise.resolve(null),
    setTimer: () => 1,
    clearTimer: () => {},
    now: () => 1_000_000,
    ...over,
  });

  it("gives lines to the views in batches, however many events bring them", () => {
    let timers = 0;
    const store = new LogStore(ports({ setTimer: () => ++timers }));
    let told = 0;
    store.subscribe(() => told++);
    for (let i = 0; i < 50; i++) store.receive({ type: "line", lines: [line(`l${i}`, i)] });
    expect([timers, told]).toEqual([1, 0]);
    store.flush();
    expect([told, store.buffer.rows.length]).toEqual([1, 50]);
  });

  it("a line from the future makes no other late and hides nothing that is missing, whatever the browser's clock says", async () => {
    const asked: (number | null)[] = [];
    const sources: { onopen: (() => void) | null; onerror: (() => void) | null }[] = [];
    const timers: [number, () => void][] = [];
    const store = new LogStore(
      ports({
        open: (since) => {
          asked.push(since);
          const source = { onopen: null, onerror: null, addEventListener: () => {}, close: () => {} };
          sources.push(source);
          return source;
        },
        setTimer: (run, ms) => timers.push([ms, run]),
      }),
    );
    store.start();
    sources[0]?.onopen?.();
    // The server's clock is at 5,000,000 while the browser's is at 1,000,000.
    store.receive({ type: "status", mode: "live", message: null, at: 5_000_000 });
    for (const [ms, run] of timers) if (ms === 15_000) run();
    store.receive({ type: "line", lines: [line("future", 8_600_000), line("now", 4_999_000)] });
    store.flush();
    const late = store.buffer.rows.flatMap((each) => (each.kind === "line" && each.isLate ? [each.id] : []));
    expect(late).toEqual([]);
    timers.length = 0;
    sources[0]?.onerror?.();
    await new Promise((resolve) => setImmediate(resolve));
    for (const [, run] of timers) run();
    expect(asked.at(-1)).toBe(5_000_000 - 120_000);
  });

  it("a line from the future takes nothing out of the strip, and does not hide that nothing comes", () => {
    const store = new LogStore(ports());
    store.receive({ type: "line", lines: [line("a", 998_500), line("b", 999_500)] });
    for (let i = 0; i < 600; i++)
      store.receive({
        type: "line",
        lines: [line(`f${i}`, 1_000_000 + i * 20_000, { slot: "green", level: "error" })],
      });
    store.flush();
    const counted = (rate: LogRate) => rate.buckets(1_000_000).reduce((sum, { lines }) => sum + lines, 0);
    expect([counted(store.rate), counted(store.spans), store.rate.newestAt]).toEqual([602, 602, 1_000_000]);
    expect(store.signatures.onlyIn("green")).toBe(0);
  });

  it("says once whose clock is wrong, by how much and which way", () => {
    const store = new LogStore(ports());
    const clock = { type: "clock", at: 1000, slot: "green", taskId: "3e91c0d2f1", stream: "s" } as const;
    store.receive({ ...clock, offsetMs: 3_600_000 });
    store.receive({ ...clock, offsetMs: 3_601_000 });
    store.receive({ ...clock, offsetMs: -3_600_000 });
    store.flush();
    const told = store.buffer.rows.map((each) => (each.kind === "line" ? "" : english(each.text)));
    expect(told).toEqual([
      "The clock of 3e91c0d2 (green) is ahead by 1:00:00: its lines stand that much later than they were written",
      "Lines of 3e91c0d2 (green) arrive 1:00:00 after the time that they say: its clock is behind, or they waited. They stand where they say",
    ]);
  });

  it("puts a late line in its place and marks it, but not what a connection begins with", () => {
    let open: (() => void) | null = null;
    const timers = new Map<number, () => void>();
    const source = { onerror: null, addEventListener: () => {}, close: () => {}, onopen: null as (() => void) | null };
    const store = new LogStore(
      ports({
        open: () => source,
        setTimer: (run, ms) => {
          timers.set(ms, run);
          return ms;
        },
      }),
    );
    store.start();
    open = source.onopen;
    open?.();
    store.receive({ type: "line", lines: [line("new", 60_000), line("begun", 1000)] });
    timers.get(15_000)?.();
    store.receive({ type: "line", lines: [line("late", 30_000), line("near", 55_000)] });
    store.flush();
    const late = store.buffer.rows.map((each) => [each.id, each.kind === "line" && each.isLate === true]);
    expect(late).toEqual([
      ["begun", false],
      ["late", true],
      ["near", false],
      ["new", false],
    ]);
  });

  it("shows gaps and samples as rows in their place", () => {
    const store = new LogStore(ports());
    store.receive({ type: "gap", from: 1, to: 5, count: 12, reason: "the tail fell behind" });
    store.receive({ type: "sampled", at: 9, kept: 500 });
    store.receive({ type: "sampled", at: 1009, kept: 500 });
    store.flush();
    expect(store.buffer.rows.map((each) => (each.kind === "line" ? "" : english(each.text)))).toEqual([
      "12 lines are missing: the tail fell behind",
      "Too many lines: AWS sends a sample, 500 of this second",
    ]);
  });

  it("asks for what is newer than the last line when it connects again", async () => {
    const asked: (number | null)[] = [];
    const sources: { onerror: (() => void) | null }[] = [];
    const timers: (() => void)[] = [];
    const store = new LogStore(
      ports({
        open: (since) => {
          asked.push(since);
          const source = { onopen: null, onerror: null, addEventListener: () => {}, close: () => {} };
          sources.push(source);
          return source;
        },
        // Not the one for a stream of which nothing comes.
        setTimer: (run, ms) => (ms === 10_000 ? 0 : timers.push(run)),
      }),
    );
    store.start();
    store.receive({ type: "line", lines: [line("a", 900_041), line("b", 900_042)] });
    sources[0]?.onerror?.();
    await new Promise((resolve) => setImmediate(resolve));
    for (const run of timers) run();
    // Two minutes before the newest: what was written earlier may have arrived only now.
    expect(asked).toEqual([null, 780_042]);
    expect(store.status.mode).toBe("reconnecting");
  });

  it("says why the server refuses, and gives up only when signed out", async () => {
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    const run = async (isSignedOut: boolean) => {
      const source = {
        onopen: null,
        onerror: null as (() => void) | null,
        addEventListener: () => {},
        close: () => {},
      };
      let timers = 0;
      const store = new LogStore(
        ports({
          open: () => source,
          findRefusal: () => Promise.resolve({ isSignedOut, message: "No log group is configured" }),
          setTimer: (_run, ms) => (ms === 10_000 ? 0 : ++timers),
        }),
      );
      store.start();
      source.onerror?.();
      await settled();
      return { status: store.status, timers };
    };
    expect(await run(false)).toEqual({ status: { mode: "failed", message: "No log group is configured" }, timers: 1 });
    expect(await run(true)).toMatchObject({ status: { mode: "signed-out" }, timers: 0 });
  });

  it("takes a mark once", () => {
    const store = new LogStore(ports());
    store.mark("dep-1:shift", 5, SWITCHED);
    store.mark("dep-1:shift", 5, SWITCHED);
    store.flush();
    expect(store.buffer.rows).toHaveLength(1);
  });
});

it("copies rows as plain text with exact times", () => {
  const rows: LogRow[] = [row("a", 0, { level: null }), { kind: "marker", id: "m", at: 1000, text: SWITCHED }];
  expect(rowsAsText(rows, english)).toBe(
    "1970-01-01T00:00:00.000Z blue 3e91c0d2 - line a\n1970-01-01T00:00:01.000Z --- switched to green",
  );
});
