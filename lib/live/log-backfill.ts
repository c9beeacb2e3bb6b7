import { type AwsFailure, describeFailure, toAwsFailure } from "../aws/errors.ts";
import type { LogReader, LogSearch } from "../aws/logs.ts";
import type { LogEvent, LogLine } from "../domain/log-line.ts";
import { SLOT_COLORS, type SlotColor } from "../domain/slot.ts";
import type { GroupTail } from "./group-tail.ts";
import { LineNumbering, toTailedLine } from "./line-identity.ts";
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
  /** Sides whose older lines were left out, and from when on they are complete. */
  floor: Partial<Record<SlotColor, number>>;
  gap: Extract<LogEvent, { type: "gap" }> | null;
}

const LOOKBACK_MS = 24 * 3_600_000;
const MAX_PAGES = 3;
const MAX_SINCE_LINES = 5000;
const MAX_STREAMS = 100;

/** Finds a viewer's first lines: from the tail's memory where that reaches back far enough, else by searching. */
export async function findBackfill(
  reader: LogReader,
  tail: GroupTail,
  viewer: LogViewer,
  wishes: BackfillWishes,
  now: number,
  signal: AbortSignal,
): Promise<Backfill> {
  const remembered = tail.ring.flatMap((line) => viewer.pick(line) ?? []);
  const collect = new Collector(viewer, remembered);
  let gap: Backfill["gap"] = null;
  try {
    if (wishes.since !== undefined) await collect.since(reader, tail, wishes.since, signal);
    else await collect.last(reader, tail, wishes, now, signal);
  } catch (error) {
    const failure = toAwsFailure(error, "logs", "FilterLogEvents");
    if (signal.aborted) throw error;
    gap = gapOf(failure, wishes.since ?? now - LOOKBACK_MS, now);
  }
  const lines = collect.lines.toSorted((a, b) => a.at - b.at);
  if (wishes.since !== undefined) {
    const wanted = lines.filter((line) => line.at >= (wishes.since ?? 0));
    const floor = { blue: wishes.since - 1, green: wishes.since - 1 };
    return { lines: wanted, floor, gap: gap ?? collect.truncation };
  }
  return { ...keepLast(lines, wishes), gap };
}

/** A group that does not exist yet has no lines that could be missing. */
function gapOf(failure: AwsFailure, from: number, to: number): Backfill["gap"] {
  if (failure.kind === "missing") return null;
  return { type: "gap", from, to, count: null, reason: describeFailure(failure) };
}

function keepLast(lines: LogLine[], { last }: BackfillWishes): Pick<Backfill, "lines" | "floor"> {
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

class Collector {
  truncation: Backfill["gap"] = null;
  /** Lines of one moment stand in the order in which they were written. */
  lines: LogLine[];
  readonly #viewer: LogViewer;
  readonly #ids: Set<string>;

  constructor(viewer: LogViewer, remembered: LogLine[]) {
    this.#viewer = viewer;
    this.lines = remembered;
    this.#ids = new Set(remembered.map((line) => line.id));
  }

  async since(reader: LogReader, tail: GroupTail, since: number, signal: AbortSignal): Promise<void> {
    if (since >= tail.coveredFrom) return;
    // Newest first: when there is too much, what is nearest to now matters most.
    const search = { logGroup: tail.logGroup, from: since, newestFirst: true, signal };
    const oldest = await this.#read(reader, search, () => this.lines.length >= MAX_SINCE_LINES);
    if (oldest === null) return;
    const reason = "More lines than are read at once";
    this.truncation = { type: "gap", from: since, to: oldest, count: null, reason };
  }

  async last(
    reader: LogReader,
    tail: GroupTail,
    { slots, streams, last }: BackfillWishes,
    now: number,
    signal: AbortSignal,
  ): Promise<void> {
    const search = { logGroup: tail.logGroup, from: now - LOOKBACK_MS, newestFirst: true, signal };
    const lacks = (slot: SlotColor) => this.#countOf(slot) < last;
    const lacking = SLOT_COLORS.filter((slot) => (slots === "both" || slots === slot) && lacks(slot));
    const unsearched = new Set<SlotColor>();
    for (const slot of lacking) {
      const names = streams.streamsOf(slot).slice(0, MAX_STREAMS);
      try {
        if (names.length === 0) unsearched.add(slot);
        else await this.#read(reader, { ...search, streams: names }, () => !lacks(slot));
      } catch (error) {
        // A task that wrote nothing yet has no stream, and its name fails the search of all of them.
        if (toAwsFailure(error, "logs", "FilterLogEvents").kind !== "missing") throw error;
        unsearched.add(slot);
      }
    }
    if (unsearched.size > 0) await this.#read(reader, search, () => ![...unsearched].some(lacks));
  }

  #countOf(slot: SlotColor): number {
    let count = 0;
    for (const line of this.lines) if (line.slot === slot) count++;
    return count;
  }

  /** Reads pages, newest line first, until there is enough; answers how far back it came when there would be more, else null. */
  async #read(reader: LogReader, search: LogSearch, isEnough: () => boolean): Promise<number | null> {
    const numbering = new LineNumbering();
    let pages = 0;
    let oldest = Number.POSITIVE_INFINITY;
    for await (const page of reader.filterLines({ ...search, pageSize: 1000 })) {
      const older: LogLine[] = [];
      for (const raw of page) {
        oldest = Math.min(oldest, raw.at);
        const line = this.#viewer.pick(toTailedLine(raw, numbering.idOf(raw)));
        if (!line || this.#ids.has(line.id)) continue;
        this.#ids.add(line.id);
        older.push(line);
      }
      this.lines = [...older.reverse(), ...this.lines];
      if (page.length > 0) pages++;
      if (isEnough() || pages >= MAX_PAGES) return oldest;
    }
    return null;
  }
}
