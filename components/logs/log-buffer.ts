import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";

/** One row of the log: a line, lines that are missing, lines that were only sampled, or a moment worth a mark. */
export type LogRow =
  /** `folded` are the ids of further lines that are part of it; a late one arrived long after others that were written later. */
  | { kind: "line"; id: string; at: number; line: LogLine; folded?: readonly string[]; isLate?: true }
  | { kind: "gap" | "sampled" | "marker" | "clock"; id: string; at: number; text: Sentence };

/** Whether it stands for lines of the past that could be loaded. */
export const isPastGap = (row: LogRow): boolean => row.kind === "gap" && row.id.startsWith("past:");

/** What changed in the buffer by one call, so that a view need not be made anew. */
export interface BufferChange {
  added: readonly LogRow[];
  /** The oldest ones, which had to go. */
  dropped: readonly LogRow[];
  /** Index of the first row that is new or stands elsewhere than before; all before it are as they were. */
  from: number;
}

/** How many rows a tab keeps, */
const LOG_CAPACITY = 100_000;
/** and how many characters of them: a hundred thousand lines of 12 kB would end the tab. */
const MAX_CHARACTERS = 150_000_000;
/** Trimming moves the whole array, so it waits until this share of the capacity has come on top. */
const SLACK = 0.05;

/**
 * The newest rows in the order of their times, each id once; plain data outside of React's state.
 * Late rows are sorted in; when full, the oldest go.
 */
export class LogBuffer {
  readonly capacity: number;
  readonly maxCharacters: number;
  rows: LogRow[] = [];
  #characters = 0;
  #ids = new Set<string>();

  constructor(capacity = LOG_CAPACITY, maxCharacters = MAX_CHARACTERS) {
    this.capacity = capacity;
    this.maxCharacters = maxCharacters;
  }

  /** Adds rows; those whose id is known are left out. */
  add(incoming: readonly LogRow[]): BufferChange {
    const fresh = incoming.filter((row) => {
      if (this.#ids.has(row.id)) return false;
      for (const id of idsOf(row)) this.#ids.add(id);
      return true;
    });
    if (fresh.length === 0) return { added: [], dropped: [], from: this.rows.length };
    for (const row of fresh) this.#characters += charactersOf(row);
    fresh.sort((a, b) => a.at - b.at);
    const first = fresh[0];
    const last = this.rows.at(-1);
    let from = this.rows.length;
    if (first && last && first.at < last.at) {
      from = lowerBound(this.rows, first.at);
      const tail = this.rows.splice(from);
      append(this.rows, mergeByTime(tail, fresh));
    } else append(this.rows, fresh);
    const dropped = this.#trim();
    return { added: fresh, dropped, from: Math.max(0, from - dropped.length) };
  }

  #trim(): LogRow[] {
    const isOver = (slack: number) =>
      this.rows.length > this.capacity * slack || this.#characters > this.maxCharacters * slack;
    if (!isOver(1 + SLACK)) return [];
    let gone = 0;
    let characters = this.#characters;
    while (
      this.rows.length - gone > this.capacity ||
      (characters > this.maxCharacters && gone < this.rows.length - 1)
    ) {
      const row = this.rows[gone++];
      if (row) characters -= charactersOf(row);
    }
    this.#characters = characters;
    const dropped = this.rows.splice(0, gone);
    for (const row of dropped) for (const id of idsOf(row)) this.#ids.delete(id);
    return dropped;
  }

  /** Whether that line is here, by itself or folded into another. */
  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Takes one row away; every view has to look at all rows anew. */
  remove(id: string): BufferChange {
    this.rows = this.rows.filter((row) => row.id !== id);
    this.#ids.delete(id);
    return { added: [], dropped: [], from: 0 };
  }

  clear(): void {
    this.rows = [];
    this.#characters = 0;
    this.#ids.clear();
  }
}

const idsOf = (row: LogRow): readonly string[] =>
  row.kind === "line" && row.folded ? [row.id, ...row.folded] : [row.id];

const charactersOf = (row: LogRow): number => (row.kind === "line" ? row.line.text.length : 0);

/** Spreading a large array into `push` overflows the stack. */
function append(into: LogRow[], rows: readonly LogRow[]): void {
  for (const row of rows) into.push(row);
}

/** The first index whose row is later than `at`. */
function lowerBound(rows: readonly LogRow[], at: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mergeByTime(a: readonly LogRow[], b: readonly LogRow[]): LogRow[] {
  const merged: LogRow[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (right === undefined || (left !== undefined && left.at <= right.at)) {
      if (left) merged.push(left);
      i++;
    } else {
      merged.push(right);
      j++;
    }
  }
  return merged;
}
