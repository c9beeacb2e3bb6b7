import { type AwsFailure, describeFailure, toAwsFailure } from "../aws/errors.ts";
import type { LogEvent, LogLine } from "../domain/observation/log-line.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/observation/slot.ts";
import type { GroupTail } from "./group-tail.ts";
import type { LineHistory } from "./line-history.ts";
import type { TailedLine } from "./line-identity.ts";
import type { LogViewer } from "./log-viewer.ts";
import type { SlotStreams } from "./slot-streams.ts";

/** What a viewer gets before the first new line. */
export interface BackfillWishes {
  slots: "blue" | "green" | "both";
  streams: SlotStreams;
  /** Everything since then (epoch ms) instead of the last lines. */
  since?: number;
  /** Lines of each side. */
  last: number;
}

/** What was found, oldest first. */
export interface Backfill {
  lines: LogLine[];
  /** Lines of tasks that were not observed yet. */
  unknown: TailedLine[];
  /** Where a side's lines begin: what is no newer belongs to nobody's wishes. */
  floor: Partial<Record<SlotColor, number>>;
  gap: Extract<LogEvent, { type: "gap" }> | null;
}

const LOOKBACK_MS = 24 * 3_600_000;
const MAX_PAGES = 3;
const MAX_SINCE_LINES = 5000;
const MAX_STREAMS = 100;
/** Searches of many viewers may wait for each other's sake; new lines must not wait with them. */
const MAX_WAIT_MS = 5000;

/** Finds a viewer's first lines: from the tail's memory where that reaches back far enough, else by searching. */
export async function findBackfill(tail: GroupTail, viewer: LogViewer, wishes: BackfillWishes): Promise<Backfill> {
  const now = tail.now();
  const found = new Found(viewer, tail.ring);
  let gap: Backfill["gap"] = null;
  const from = wishes.since ?? startOfLookback(now);
  try {
    const search =
      wishes.since === undefined ? findLast(tail, found, wishes, from) : findSince(tail, found, wishes.since);
    gap = await inTime(search, {
      type: "gap",
      from,
      to: now,
      count: null,
      reason: "Older lines took too long to read",
    });
  } catch (error) {
    gap = gapOf(toAwsFailure(error, "logs", "FilterLogEvents"), from, now);
  }
  const lines = found.lines.toSorted((a, b) => a.at - b.at);
  if (wishes.since === undefined) {
    return { ...keepLast(lines, wishes.last), unknown: found.unknown.slice(-2 * wishes.last), gap };
  }
  const { since } = wishes;
  const isWanted = (line: { at: number }) => line.at >= since;
  const floor = { blue: since - 1, green: since - 1 };
  return { lines: lines.filter(isWanted), unknown: found.unknown.filter(isWanted), floor, gap };
}

/** Rounded, so that viewers who arrive near to each other share one search. */
const startOfLookback = (now: number) => Math.floor((now - LOOKBACK_MS) / 600_000) * 600_000;

async function inTime<Result>(work: Promise<Result>, tooLate: Result): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Result>((resolve) => {
    timer = setTimeout(resolve, MAX_WAIT_MS, tooLate);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** A group that does not exist yet has no lines that could be missing. */
function gapOf(failure: AwsFailure, from: number, to: number): Backfill["gap"] {
  if (failure.kind === "missing") return null;
  return { type: "gap", from, to, count: null, reason: describeFailure(failure) };
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
  const history = tail.history({ from: since });
  const maxPages = Number.POSITIVE_INFINITY;
  await found.read(history, () => found.lines.length >= MAX_SINCE_LINES, maxPages).catch(forgetting(tail, history));
  const oldest = history.lines.at(-1)?.at;
  if (history.isComplete || oldest === undefined) return null;
  return { type: "gap", from: since, to: oldest, count: null, reason: "More lines than are read at once" };
}

async function findLast(
  tail: GroupTail,
  found: Found,
  { slots, streams, last }: BackfillWishes,
  from: number,
): Promise<null> {
  const wanted = SLOT_COLORS.filter((slot) => slots === "both" || slots === slot);
  const isEnough = (slot: SlotColor) => found.countOf(slot) >= last;
  const search = async (sides: SlotColor[], names: string[] | undefined): Promise<void> => {
    const history = tail.history({ from, streams: names });
    await found.read(history, () => sides.every(isEnough), MAX_PAGES).catch(forgetting(tail, history));
  };
  const named = wanted.map((slot) => ({ slot, names: streams.streamsOf(slot).slice(0, MAX_STREAMS) }));
  // Before the first observation nobody's streams are known; the lines are told apart as soon as they are.
  if (named.every(({ names }) => names.length === 0)) {
    if (last > 0) await search(wanted, undefined);
    return null;
  }
  await Promise.all(
    named.map(async ({ slot, names }) => {
      if (names.length === 0 || isEnough(slot)) return;
      try {
        await search([slot], names);
      } catch (error) {
        // A task that wrote nothing yet has no stream, and its name fails the search of all of them.
        if (toAwsFailure(error, "logs", "FilterLogEvents").kind !== "missing") throw error;
        await search([slot], undefined);
      }
    }),
  );
  return null;
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
  readonly #ids = new Set<string>();

  constructor(viewer: LogViewer, remembered: readonly TailedLine[]) {
    this.#viewer = viewer;
    this.#addOlder(remembered.toReversed());
  }

  countOf(slot: SlotColor): number {
    return this.lines.reduce((count, line) => count + (line.slot === slot ? 1 : 0), 0);
  }

  /** Reads until there is enough, no more, or `maxPages` have been read. */
  async read(history: LineHistory, isEnough: () => boolean, maxPages: number): Promise<void> {
    for (let read = 0; ; ) {
      const page = history.lines.slice(read);
      read += page.length;
      this.#addOlder(page);
      if (isEnough() || history.isComplete || history.pages >= maxPages) return;
      await history.more();
    }
  }

  #addOlder(newestFirst: readonly TailedLine[]): void {
    const older: LogLine[] = [];
    const unknown: TailedLine[] = [];
    for (const line of newestFirst) {
      if (this.#ids.has(line.id)) continue;
      this.#ids.add(line.id);
      const mine = this.#viewer.pick(line);
      if (mine) older.push(mine);
      else if (mine === null) unknown.push(line);
    }
    this.lines = [...older.reverse(), ...this.lines];
    this.unknown = [...unknown.reverse(), ...this.unknown];
  }
}
