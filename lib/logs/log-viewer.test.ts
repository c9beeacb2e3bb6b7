import { expect, test } from "vitest";
import type { LogEvent } from "../domain/observation/log-line.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { TailedLine } from "./line-identity.ts";
import { LogChannel } from "./log-channel.ts";
import { LogViewer } from "./log-viewer.ts";
import type { SlotStreams } from "./slot-streams.ts";

const streams: SlotStreams = {
  ownerOf: (stream) => (stream === "blue" || stream === "green" ? { slot: stream, taskId: "t1" } : null),
  isForeign: (stream) => stream === "foreign",
  streamsOf: () => [],
};

const line = (at: number, stream = "blue", text = "x"): TailedLine => ({
  id: `${stream}-${at}`,
  at,
  stream,
  level: null,
  text,
});
const owned = (at: number) => ({ ...line(at), slot: "blue" as const, taskId: "t1" });
const status = (mode: "live" | "polling"): LogEvent & { type: "status" } => ({
  type: "status",
  mode,
  message: null,
  at: 0,
});

function channelOf(options: { streams?: SlotStreams; lines?: number; characters?: number } = {}) {
  const clock = { now: 0 };
  const bounds = { lines: options.lines ?? 10, characters: options.characters ?? 1_000_000 };
  const channel = new LogChannel(options.streams ?? streams, bounds, () => clock.now);
  return { channel, clock };
}

function join(channel: LogChannel, lineRequest: Partial<ConstructorParameters<typeof LogViewer>[1]> = {}) {
  const viewer = new LogViewer(channel, { slots: "both", ...lineRequest });
  channel.viewers.add(viewer);
  return viewer;
}

/** Everything that is there to read; closes the viewer. */
async function readAll(viewer: LogViewer): Promise<LogEvent[]> {
  viewer.close();
  const events: LogEvent[] = [];
  for await (const event of viewer.events()) events.push(event);
  return events;
}

const times = (events: LogEvent[]) =>
  events.flatMap((event) => (event.type === "line" ? event.lines.map((each) => each.at) : []));

test("puts lines that arrive during the back-fill behind it, and none twice", async () => {
  const { channel } = channelOf();
  const viewer = join(channel);
  channel.ingest([line(3), line(4)]);
  viewer.begin([owned(2), owned(3)], { blue: 2 });
  channel.ingest([line(1), line(2), line(5)]);
  expect(times(await readAll(viewer))).toEqual([2, 3, 4, 5]);
});

test("those who come together get the same first events, and know the same lines", async () => {
  const { channel } = channelOf();
  const first = [owned(1), owned(2)];
  const viewers = [join(channel), join(channel)];
  for (const viewer of viewers) viewer.begin([...first], {});
  channel.ingest([line(2), line(3)]);
  const [one = [], other = []] = await Promise.all(viewers.map(readAll));
  expect(times(one)).toEqual([1, 2, 3]);
  expect(other[0]).toBe(one[0]);
  expect(times(other)).toEqual([1, 2, 3]);
});

test("tells a reader who falls out of the journal how many lines that were, and goes on with the oldest left", async () => {
  const { channel } = channelOf({ lines: 3 });
  const slow = join(channel);
  slow.begin([], {});
  for (let at = 1; at <= 8; at++) channel.ingest([line(at)]);
  const events = await readAll(slow);
  expect(events[0]).toEqual({
    type: "gap",
    from: 5,
    to: 5,
    count: 5,
    reason: expect.any(String),
    reasonSaid: say("logGap.slowReader"),
  });
  expect(times(events)).toEqual([6, 7, 8]);
});

test("does not say how many lines a reader with a filter has lost, because nobody counted them", async () => {
  const { channel } = channelOf({ lines: 1 });
  const slow = join(channel, { filter: "x" });
  slow.begin([], {});
  for (const at of [1, 2, 3]) channel.ingest([line(at)]);
  expect((await readAll(slow))[0]).toMatchObject({ type: "gap", count: null });
});

test("keeps lines once for any number of readers, under a bound of lines and one of characters", () => {
  const { channel } = channelOf({ lines: 100, characters: 40_000 });
  const readers = Array.from({ length: 300 }, () => join(channel));
  for (const reader of readers) reader.begin([], {});
  for (let at = 0; at < 1000; at++) channel.ingest([line(at, "blue", "x".repeat(4000))]);
  const { journal } = channel;
  expect(journal.end).toBe(1000);
  expect(journal.end - journal.start).toBe(10);
  expect(readers.every((reader) => reader.waitingCharacters === 0)).toBe(true);
});

test("gives readers who are abreast the very same events, and one with a filter its own", async () => {
  const { channel } = channelOf();
  const [one, other, filtered] = [join(channel), join(channel), join(channel, { filter: "Needle" })];
  for (const reader of [one, other, filtered]) reader.begin([], {});
  channel.ingest([line(1), line(2, "green", "a needle")]);
  const [first] = await readAll(one);
  const [second] = await readAll(other);
  expect(first).toBe(second);
  expect(times(await readAll(filtered))).toEqual([2]);
});

test("cuts what it sends into events of bounded size, and a line that is longer alone goes alone", async () => {
  const { channel } = channelOf({ lines: 100 });
  const viewer = join(channel);
  const long = { ...owned(0), text: "y".repeat(40_000) };
  viewer.begin([long, owned(1)], {});
  channel.ingest(Array.from({ length: 20 }, (_, at) => line(at + 2, "blue", "z".repeat(4000))));
  const events = await readAll(viewer);
  expect(events.map((event) => (event.type === "line" ? event.lines.length : 0))).toEqual([1, 1, 8, 8, 4]);
});

test("waits ten seconds for a line's side, then shows it as of neither; another application's is left out", async () => {
  let isKnown = false;
  const known = { slot: "green" as const, taskId: "t2" };
  const lateStreams = { ...streams, ownerOf: (stream: string) => (isKnown && stream === "late" ? known : null) };
  const { channel, clock } = channelOf({ streams: lateStreams });
  const viewer = join(channel, { slots: "green" });
  viewer.begin([], {}, [line(0, "old task")]);
  channel.ingest([line(1, "late"), line(2, "nobody"), line(3, "foreign")]);
  expect(channel.journal.end).toBe(0);
  isKnown = true;
  clock.now = 9_000;
  channel.ingest([]);
  expect(channel.journal.end).toBe(1);
  clock.now = 11_000;
  channel.ingest([]);
  const sides = (await readAll(viewer)).flatMap((event) =>
    event.type === "line" ? event.lines.map((each) => [each.at, each.slot]) : [],
  );
  expect(sides).toEqual([
    [0, null],
    [1, "green"],
    [2, null],
  ]);
});

test("lines of a side's own group are that side's, whatever their streams are called; a rule names their levels", async () => {
  const rule = { field: "sev", words: { k: "error" as const }, otherwise: null };
  const bounds = { lines: 10, characters: 1000 };
  const channel = new LogChannel(streams, bounds, () => 0, { side: "green", level: rule });
  const viewer = join(channel);
  viewer.begin([], {});
  channel.ingest([line(1, "i-0123", "sev=K out of paper"), line(2, "blue", "x")]);
  const [event] = await readAll(viewer);
  expect(event).toMatchObject({ lines: [{ slot: "green", level: "error" }, { slot: "blue" }] });
});

test("replaces a status that nobody read by a newer one", async () => {
  const viewer = join(channelOf().channel);
  viewer.notify(status("live"));
  viewer.notify(status("polling"));
  expect(await readAll(viewer)).toEqual([status("polling")]);
});

test("bounds notices too", async () => {
  const viewer = join(channelOf().channel);
  for (let at = 0; at < 500; at++) viewer.notify({ type: "sampled", at, kept: 500 });
  const events = await readAll(viewer);
  expect(events).toHaveLength(50);
  expect(events.at(-1)).toMatchObject({ at: 499 });
});

test("tells what happened in the order in which it did, also where the lines before it were not wanted", async () => {
  const { channel } = channelOf();
  const viewer = join(channel, { slots: "green" });
  viewer.begin([], {});
  channel.ingest([line(1)]);
  viewer.notify(status("polling"));
  channel.ingest([line(2, "green")]);
  const types = (await readAll(viewer)).map((event) => event.type);
  expect(types.toSorted()).toEqual(["line", "status"]);
});
