import { type LevelRule, levelByRule } from "../domain/log/level-rule.ts";
import { foldText } from "../domain/log/plain-text.ts";
import { maskSecrets, type OwnSecretRule } from "../domain/log/secrets.ts";
import type { LogEvent, LogLine } from "../domain/observation/log-line.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import type { TailedLine } from "./line-identity.ts";
import { type JournalBounds, LineJournal } from "./line-journal.ts";
import type { SlotStreams } from "./slot-streams.ts";
import type { LineOwner, VendedOwner } from "./vended-lines.ts";

/** A task's first lines may arrive before the task is observed; then their side is told late, or not at all. */
const HOLD_MS = 10_000;
const MAX_HELD = 2000;
/** Of one event; readers that are abreast get the very same ones. */
const MAX_BATCH_LINES = 500;
const MAX_BATCH_CHARACTERS = 32 * 1024;
const MAX_SHARED_BATCHES = 64;
const MAX_SHARED_FIRST = 4;

/** What of a channel one viewer wants. */
export interface LineRequest {
  slots: "blue" | "green" | "both";
  /** Text that a line has to contain, folded; empty for all lines. */
  needle: string;
}

/** Lines of the journal from one number up to another; no event where none of them is wanted. */
export interface JournalBatch {
  event: Extract<LogEvent, { type: "line" }> | null;
  next: number;
}

/** A viewer's first lines as events, and their ids. */
export interface FirstLines {
  events: readonly Extract<LogEvent, { type: "line" }>[];
  ids: ReadonlySet<string>;
}

/** What an application's settings say of a log group's lines. */
export interface ChannelOptions {
  /** Whose lines the group holds, where its streams need not tell. */
  side?: SlotColor | null;
  level?: LevelRule | null;
  /** What of its lines is masked besides what always is. */
  mask?: readonly OwnSecretRule[];
}

/** A line whose side is not known yet. */
interface HeldLine {
  line: TailedLine;
  since: number;
}

/** One application's lines of one tail, told apart by side and queued once for all who watch them. */
export class LogChannel {
  /** Woken when there are new lines. */
  readonly viewers = new Set<{ wake(): void }>();
  readonly journal: LineJournal<LogLine>;
  readonly #streams: SlotStreams;
  readonly #now: () => number;
  readonly #options: ChannelOptions;
  readonly #owned = new WeakMap<TailedLine, LogLine>();
  readonly #batches = new Map<string, JournalBatch>();
  #held: HeldLine[] = [];
  #firsts: { lines: readonly LogLine[]; told: FirstLines }[] = [];

  constructor(streams: SlotStreams, bounds: JournalBounds, now: () => number, options: ChannelOptions = {}) {
    this.#streams = streams;
    this.#now = now;
    this.#options = options;
    this.journal = new LineJournal(bounds);
  }

  /** The line with its side; the same object for everybody. Null while nobody knows whose it is. */
  own(line: TailedLine): LogLine | null {
    const known = this.#owned.get(line);
    if (known) return known;
    const owner = this.ownerOf(line.stream) ?? vendedOwner(line, this.#streams);
    return owner && owner !== "foreign" ? this.#withOwner(line, owner) : null;
  }

  /** Whose lines a stream holds; null where it is not, or not yet, known to be this application's. */
  ownerOf(stream: string): LineOwner | null {
    const { side = null } = this.#options;
    return this.#streams.ownerOf(stream) ?? (side ? { slot: side, taskId: null } : null);
  }

  /** The same for a line that has waited since then: in the end its side is unknown; undefined for another application's. */
  ownInTheEnd(line: TailedLine, since: number): LogLine | null | undefined {
    const owned = this.own(line);
    if (owned) return owned;
    if (vendedOwner(line, this.#streams) === "foreign") return undefined;
    if (this.#now() < since + HOLD_MS) return null;
    return this.#streams.isForeign(line.stream) ? undefined : this.#withOwner(line, { slot: null, taskId: null });
  }

  now(): number {
    return this.#now();
  }

  /** Lines as they arrive; an empty list looks again at those that are held until their side is known. */
  ingest(lines: readonly TailedLine[]): void {
    const now = this.#now();
    const owned: LogLine[] = [];
    const stillHeld: HeldLine[] = [];
    const consider = (line: TailedLine, since: number): void => {
      const own = this.ownInTheEnd(line, since);
      if (own) owned.push(own);
      else if (own === null) stillHeld.push({ line, since });
    };
    for (const { line, since } of this.#held) consider(line, since);
    for (const line of lines) consider(line, now);
    // Too many to hold are shown as they are: nothing is dropped without a word.
    for (const { line } of stillHeld.splice(0, Math.max(0, stillHeld.length - MAX_HELD)))
      if (!this.#streams.isForeign(line.stream)) owned.push(this.#withOwner(line, { slot: null, taskId: null }));
    this.#held = stillHeld;
    this.journal.append(owned);
    for (const viewer of this.viewers) viewer.wake();
  }

  /** What comes next for somebody who has had everything before `from`. */
  batch(from: number, lineRequest: LineRequest): JournalBatch {
    const key = `${from} ${lineRequest.slots} ${lineRequest.needle}`;
    const known = this.#batches.get(key);
    if (known) return known;
    const batch = this.#collect(from, lineRequest);
    if (batch.next > from) this.#batches.set(key, batch);
    for (const oldest of this.#batches.keys()) {
      if (this.#batches.size <= MAX_SHARED_BATCHES) break;
      this.#batches.delete(oldest);
    }
    return batch;
  }

  /** Those who come at the same time get the very same events, so that each is encoded and its ids are kept once for all. */
  firstLines(lines: readonly LogLine[]): FirstLines {
    const same = this.#firsts.find(
      (known) => known.lines.length === lines.length && known.lines.every((line, n) => line === lines[n]),
    );
    if (same) return same.told;
    const told = firstLines(lines);
    this.#firsts = [...this.#firsts, { lines, told }].slice(-MAX_SHARED_FIRST);
    return told;
  }

  #collect(from: number, lineRequest: LineRequest): JournalBatch {
    const lines: LogLine[] = [];
    let characters = 0;
    let next = from;
    for (; next < this.journal.end; next++) {
      const line = this.journal.at(next);
      if (!line || !isWanted(line, lineRequest)) continue;
      const isFull = lines.length >= MAX_BATCH_LINES || characters + line.text.length > MAX_BATCH_CHARACTERS;
      if (isFull && lines.length > 0) break;
      lines.push(line);
      characters += line.text.length;
    }
    return { event: lines.length > 0 ? { type: "line", lines } : null, next };
  }

  #withOwner(line: TailedLine, owner: LineOwner): LogLine {
    const owned = ownedLine(line, { ownerOf: () => owner }, this.#options);
    this.#owned.set(line, owned);
    return owned;
  }
}

/** A line of the past with its side, which is unknown where nobody knows it by now. */
export function ownedLine(
  line: TailedLine,
  streams: Pick<SlotStreams, "ownerOf"> & Partial<Pick<SlotStreams, "isForeign" | "ownerOfText">>,
  { side = null, level = null, mask = [] }: ChannelOptions,
): LogLine {
  const found = streams.ownerOf(line.stream) ?? vendedOwner(line, streams);
  const owner = found && found !== "foreign" ? found : { slot: side, taskId: null };
  const own = level ? levelByRule(line.text, level) : null;
  const text = mask.length > 0 ? maskSecrets(line.text, mask) : line.text;
  const { colours, ...rest } = line;
  const isColoured = colours !== undefined && text === line.text;
  return { ...rest, text, ...owner, ...(own ? { level: own } : {}), ...(isColoured ? { colours } : {}) };
}

/** Whose a line of AWS's own logs is; another application's stream says nothing about this one. */
export function vendedOwner(
  { stream, text }: Pick<TailedLine, "stream" | "text">,
  streams: Partial<Pick<SlotStreams, "isForeign" | "ownerOfText">>,
): VendedOwner {
  return streams.isForeign?.(stream) ? null : (streams.ownerOfText?.(text) ?? null);
}

/** Whether somebody who asked so is shown the line. */
export function isWanted(line: LogLine, { slots, needle }: LineRequest): boolean {
  // A line whose side is unknown may be of either.
  if (slots !== "both" && line.slot !== null && line.slot !== slots) return false;
  return needle === "" || foldText(line.text).includes(needle);
}

/** The first lines of one viewer alone. */
export function firstLines(lines: readonly LogLine[]): FirstLines {
  const events = [...inBatches(lines)].map((batch) => ({ type: "line" as const, lines: batch }));
  return { events, ids: new Set(lines.map((line) => line.id)) };
}

/** Cuts lines into events of bounded size. */
function* inBatches(lines: readonly LogLine[]): Generator<LogLine[]> {
  let batch: LogLine[] = [];
  let characters = 0;
  for (const line of lines) {
    const isFull = batch.length >= MAX_BATCH_LINES || characters + line.text.length > MAX_BATCH_CHARACTERS;
    if (isFull && batch.length > 0) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push(line);
    characters += line.text.length;
  }
  if (batch.length > 0) yield batch;
}
