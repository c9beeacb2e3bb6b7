import { type AwsFailure, failureSaid, toAwsFailure } from "../aws/errors.ts";
import type { LogEvent, LogLine } from "../domain/observation/log-line.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { GroupTail } from "./group-tail.ts";
import type { LineHistory } from "./line-history.ts";
import type { TailedLine } from "./line-identity.ts";
import { gapEvent } from "./log-gap.ts";
import type { LogViewer } from "./log-viewer.ts";
import type { SlotStreams } from "./slot-streams.ts";

/** What a viewer gets before the first new line. */
export interface BackfillRequest {
  slots: "blue" | "green" | "both";
  streams: SlotStreams;
  /** Everything since then (epoch ms) instead of the last lines. */
  since?: number;
  /** Lines of each side. */
  last: number;
  /** The group as the application's tasks name it; its name when left out. */
  namedAs?: string;
}

/** What was found, oldest first. */
export interface Backfill {
  lines: LogLine[];
  /** Lines of tasks that were not observed yet. */
  unknown: TailedLine[];
  /** Where a side's lines begin: what is no newer was not asked for. */
  floor: Partial<Record<SlotColor, number>>;
  gap: Extract<LogEvent, { type: "gap" }> | null;
}

const LOOKBACK_MS = 24 * 3_600_000;
const MAX_PAGES = 3;
const MAX_SINCE_LINES = 5000;
/** Of one search, however many share it: AWS allows a few reads a second, and a page of its own size is a megabyte. */
const MAX_READS = 20;
const MAX_CHARACTERS = 8_000_000;
const MAX_STREAMS = 100;

/** Finds a viewer's first lines: from the tail's memory where that reaches back far enough, else by searching. */
export async function findBackfill(tail: GroupTail, viewer: LogViewer, asked: BackfillRequest): Promise<Backfill> {
  const now = tail.now();
  // Whoever asks from a time that has not come yet has a clock that is wrong, and gets what comes from now on.
  const request = asked.since === undefined ? asked : { ...asked, since: Math.min(asked.since, now) };
  const looking = { isOver: false };
  const found = new Found(viewer, tail, looking);
  let gap: Backfill["gap"] = null;
  const from = request.since ?? startOfLookback(now);
  try {
    const search =
      request.since === undefined ? findLast(tail, found, request, from) : findSince(tail, found, request.since);
    const tooLate = say("logGap.tooLate", { seconds: tail.searchMs / 1000 });
    gap = await inTime(search, tail.searchMs, () => {
      const to = Math.min(now, ...found.lines.slice(0, 1).map((line) => line.at));
      return gapEvent(from, to, tooLate);
    });
  } catch (error) {
    gap = gapOf(toAwsFailure(error, "logs", "FilterLogEvents"), from, now);
  } finally {
    looking.isOver = true;
  }
  const lines = found.lines.toSorted((a, b) => a.at - b.at);
  if (request.since === undefined) {
    return { ...keepLast(lines, request.last), unknown: found.unknown.slice(-2 * request.last), gap };
  }
  const { since } = request;
  const isWanted = (line: { at: number }) => line.at >= since;
  // Without a floor: what arrives from now on is wanted, however long ago its clock says it was written.
  return { lines: lines.filter(isWanted), unknown: found.unknown.filter(isWanted), floor: {}, gap };
}

/** Rounded, so that viewers who arrive near to each other share one search. */
const startOfLookback = (now: number) => Math.floor((now - LOOKBACK_MS) / 600_000) * 600_000;
/** The same for those who come back after a break, each from its own last line; what is older than that they do not get. */
const startOfShared = (since: number) => Math.floor(since / 10_000) * 10_000;

async function inTime<Result>(work: Promise<Result>, withinMs: number, tooLate: () => Result): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Result>((resolve) => {
    timer = setTimeout(() => resolve(tooLate()), withinMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** A group that does not exist yet has no lines that could be missing. */
function gapOf(failure: AwsFailure, from: number, to: number): Backfill["gap"] {
  if (failure.kind === "missing") return null;
  return gapEvent(from, to, failureSaid(failure));
}

function keepLast(lines: LogLine[], last: number): Pick<Backfill, "lines" | "floor"> {
  const floor: Backfill["floor"] = {};
  const kept: LogLine[] = [];
  for (const slot of [...SLOT_COLORS, null]) {
    const all = lines.filter((line) => line.slot === slot);
    const newest = last > 0 ? all.slice(-last) : [];
    const oldest = last > 0 ? newest[0] : all.at(-1);
    if (slot && oldest && newest.length === last) floor[slot] = oldest.at;
    kept.push(...newest);
  }
  return { lines: kept.sort((a, b) => a.at - b.at), floor };
}

async function findSince(tail: GroupTail, found: Found, since: number): Promise<Backfill["gap"]> {
  if (since >= tail.coveredFrom) return null;
  // Newest first: when there is too much, what is nearest to now matters most.
  const history = tail.history({ from: startOfShared(since) });
  const isEnough = () => found.lines.filter(({ at }) => at >= since).length >= MAX_SINCE_LINES;
  await found.read(history, isEnough, MAX_READS).catch(forgetting(tail, history));
  return isEnough() ? gapBefore(history, since, say("logGap.tooMany")) : stoppedAt(history, since);
}

async function findLast(
  tail: GroupTail,
  found: Found,
  { slots, streams, last, namedAs = tail.logGroup.name }: BackfillRequest,
  from: number,
): Promise<Backfill["gap"]> {
  const wanted = SLOT_COLORS.filter((slot) => slots === "both" || slots === slot);
  const isEnough = (slot: SlotColor) => found.countOf(slot) >= last;
  const search = async (sides: SlotColor[], names: string[] | undefined): Promise<Backfill["gap"]> => {
    const history = tail.history({ from, streams: names });
    const maxPages = found.isFiltered ? MAX_READS : MAX_PAGES;
    await found.read(history, () => sides.every(isEnough), maxPages).catch(forgetting(tail, history));
    return found.isFiltered && !sides.every(isEnough) ? stoppedAt(history, from) : null;
  };
  const named = wanted.map((slot) => ({
    slot,
    names: streams.streamsOf(slot, namedAs).slice(0, MAX_STREAMS),
  }));
  // Before the first observation nobody's streams are known; the lines are told apart as soon as they are.
  if (named.every(({ names }) => names.length === 0)) return last > 0 ? search(wanted, undefined) : null;
  const gaps = await Promise.all(
    named.map(async ({ slot, names }) => {
      if (names.length === 0 || isEnough(slot)) return null;
      try {
        return await search([slot], names);
      } catch (error) {
        // A task that wrote nothing yet has no stream, and its name fails the search of all of them.
        if (toAwsFailure(error, "logs", "FilterLogEvents").kind !== "missing") throw error;
        return search([slot], undefined);
      }
    }),
  );
  // Of two sides, the one that was looked through less far says from when on both are whole.
  return gaps.reduce((latest, gap) => (latest && gap && latest.to > gap.to ? latest : (gap ?? latest)), null);
}

function gapBefore(history: LineHistory, from: number, said: Sentence): Backfill["gap"] {
  const oldest = history.lines.at(-1)?.at;
  if (history.isComplete || oldest === undefined || oldest < from) return null;
  return gapEvent(from, oldest, said);
}

/** How far a search came that was given up before its end; null when it came to the end. */
function stoppedAt(history: LineHistory, from: number): Backfill["gap"] {
  if (history.isComplete) return null;
  const oldest = history.lines.at(-1)?.at;
  if (oldest === undefined) {
    return gapEvent(from, history.startedAt, say("logGap.nothingIn", { pages: history.reads }));
  }
  if (oldest < from) return null;
  const at = new Date(oldest).toISOString().slice(0, 19).replace("T", " ");
  return gapEvent(from, oldest, say("logGap.lookedAt", { count: history.lines.length, at }));
}

const forgetting = (tail: GroupTail, history: LineHistory) => (error: unknown) => {
  tail.histories.forget(history);
  throw error;
};

/** What a viewer's back-fill has so far; lines of one moment stand in the order in which they were written. */
class Found {
  lines: LogLine[] = [];
  unknown: TailedLine[] = [];
  readonly #viewer: LogViewer;
  readonly #tail: GroupTail;
  readonly #looking: { isOver: boolean };
  readonly #ids = new Set<string>();

  constructor(viewer: LogViewer, tail: GroupTail, looking: { isOver: boolean }) {
    this.#viewer = viewer;
    this.#tail = tail;
    this.#looking = looking;
    this.#addOlder(tail.ring.toReversed());
  }

  countOf(slot: SlotColor): number {
    return this.lines.reduce((count, line) => count + (line.slot === slot ? 1 : 0), 0);
  }

  /** Whether lines may be passed over, so that much can be read and little found. */
  get isFiltered(): boolean {
    return this.#viewer.lineRequest.needle !== "";
  }

  /** Reads until there is enough, no more, `maxPages` or a bound is reached, the time is over or the viewer has left. */
  async read(history: LineHistory, isEnough: () => boolean, maxPages: number): Promise<void> {
    for (let read = 0; ; ) {
      const page = history.lines.slice(read);
      read += page.length;
      this.#addOlder(page);
      if (isEnough() || history.isComplete || history.pages >= maxPages) return;
      if (history.reads >= MAX_READS || history.characters >= MAX_CHARACTERS) return;
      if (this.#looking.isOver || this.#viewer.isClosed) return;
      await history.more();
    }
  }

  #addOlder(newestFirst: readonly TailedLine[]): void {
    const older: LogLine[] = [];
    const unknown: TailedLine[] = [];
    for (const line of newestFirst) {
      if (this.#ids.has(line.id) || !this.#tail.isWithin(line.stream)) continue;
      this.#ids.add(line.id);
      const mine = this.#viewer.pick(line);
      if (mine) older.push(mine);
      else if (mine === null) unknown.push(line);
    }
    this.lines = [...older.reverse(), ...this.lines];
    this.unknown = [...unknown.reverse(), ...this.unknown];
  }
}
