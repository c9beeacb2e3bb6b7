import { expect, test } from "vitest";
import type { LogEvent } from "../domain/observation/log-line.ts";
import type { TailedLine } from "./line-identity.ts";
import { LogViewer, type ViewerWishes } from "./log-viewer.ts";
import type { SlotStreams } from "./slot-streams.ts";

const streams: SlotStreams = {
  ownerOf: (stream) => (stream === "blue" || stream === "green" ? { slot: stream, taskId: "t1" } : null),
  streamsOf: () => [],
};

const line = (at: number, stream = "blue"): TailedLine => ({
  id: `${stream}-${at}`,
  at,
  stream,
  level: null,
  text: "x",
});
const status = (mode: "live" | "polling"): LogEvent & { type: "status" } => ({
  type: "status",
  mode,
  message: null,
  at: 0,
});

function viewerOf(wishes: Partial<ViewerWishes> = {}) {
  const clock = { now: 0 };
  const viewer = new LogViewer({ streams, slots: "both", maxQueuedLines: 10, ...wishes }, () => clock.now);
  /** Everything that is queued; closes the viewer. */
  const readAll = async () => {
    viewer.close();
    const events: LogEvent[] = [];
    for await (const event of viewer.events()) events.push(event);
    return events;
  };
  return { viewer, clock, readAll };
}

const times = (events: LogEvent[]) =>
  events.flatMap((event) => (event.type === "line" ? event.lines.map((each) => each.at) : []));

test("puts lines that arrive during the back-fill behind it, and none twice", async () => {
  const { viewer, readAll } = viewerOf();
  viewer.deliver([line(3), line(4)]);
  viewer.begin(
    [2, 3].map((at) => ({ ...line(at), slot: "blue", taskId: "t1" })),
    { blue: 2 },
  );
  viewer.deliver([line(1), line(2), line(5)]);
  expect(times(await readAll())).toEqual([2, 3, 4, 5]);
});

test("drops the oldest lines over its bound and counts them in one gap", async () => {
  const { viewer, readAll } = viewerOf({ maxQueuedLines: 3 });
  viewer.begin([], {});
  for (let at = 1; at <= 8; at++) viewer.deliver([line(at)]);
  const events = await readAll();
  expect(events[0]).toEqual({ type: "gap", from: 1, to: 5, count: 5, reason: expect.any(String) });
  expect(times(events)).toEqual([6, 7, 8]);
});

test("keeps an unknown task's lines for ten seconds", async () => {
  const { viewer, clock, readAll } = viewerOf();
  const known = new Map([["late", { slot: "green" as const, taskId: "t2" }]]);
  let isKnown = false;
  const lateStreams = { ...streams, ownerOf: (stream: string) => (isKnown ? (known.get(stream) ?? null) : null) };
  const late = viewerOf({ streams: lateStreams });
  for (const each of [viewer, late.viewer]) {
    each.begin([], {});
    each.deliver([line(1, "late")]);
  }
  isKnown = true;
  late.clock.now = 9_000;
  clock.now = 11_000;
  late.viewer.deliver([]);
  viewer.deliver([]);
  expect(times(await late.readAll())).toEqual([1]);
  expect(times(await readAll())).toEqual([]);
});

test("replaces a status that nobody read by a newer one", async () => {
  const { viewer, readAll } = viewerOf();
  viewer.notify(status("live"));
  viewer.notify(status("polling"));
  expect(await readAll()).toEqual([status("polling")]);
});

test("bounds notices too", async () => {
  const { viewer, readAll } = viewerOf();
  for (let at = 0; at < 500; at++) viewer.notify({ type: "sampled", at, kept: 500 });
  const events = await readAll();
  expect(events).toHaveLength(50);
  expect(events.at(-1)).toMatchObject({ at: 499 });
});
