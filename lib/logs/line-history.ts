import type { LogReader, LogSearch, RawLogLine } from "../aws/logs.ts";
import { LineNumbering, type TailedLine, toTailedLine } from "./line-identity.ts";

const PAGE_LINES = 1000;
const MAX_HISTORIES = 20;
const MAX_CHARACTERS = 16_000_000;
/** Tokens of a search live for a day; this is far below it. */
const MAX_AGE_MS = 600_000;

/** A search from the newest line backward, read a page at a time and only as far as somebody needs. */
export class LineHistory {
  readonly startedAt: number;
  /** Newest first. */
  readonly lines: TailedLine[] = [];
  /** Pages read that had lines. */
  pages = 0;
  /** Pages read, also those in which AWS found nothing. */
  reads = 0;
  /** Of all lines read. */
  characters = 0;
  isComplete = false;
  readonly #source: AsyncGenerator<RawLogLine[]>;
  readonly #numbering = new LineNumbering();
  #reading: Promise<void> | null = null;

  constructor(source: AsyncGenerator<RawLogLine[]>, startedAt: number) {
    this.#source = source;
    this.startedAt = startedAt;
  }

  /** Reads one page more; all who ask meanwhile share it. */
  more(): Promise<void> {
    this.#reading ??= this.#readPage().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #readPage(): Promise<void> {
    const next = await this.#source.next();
    if (next.done) {
      this.isComplete = true;
      return;
    }
    this.reads++;
    if (next.value.length > 0) this.pages++;
    for (const raw of next.value) {
      const line = toTailedLine(raw, this.#numbering.idOf(raw));
      this.characters += line.text.length;
      this.lines.push(line);
    }
  }
}

/** The searches of one tail's viewers, shared: however many arrive at once, each search is made once. */
export class LineHistories {
  readonly #reader: LogReader;
  readonly #now: () => number;
  readonly #histories = new Map<string, LineHistory>();

  constructor(reader: LogReader, now: () => number) {
    this.#reader = reader;
    this.#now = now;
  }

  /** A history that joins what is known since `coveredFrom` (epoch ms) without a hole. */
  find(search: Omit<LogSearch, "pageSize" | "newestFirst">, coveredFrom: number): LineHistory {
    const key = JSON.stringify([search.streams, search.streamPrefix, search.from]);
    const known = this.#histories.get(key);
    if (known && known.startedAt >= coveredFrom && known.startedAt > this.#now() - MAX_AGE_MS) return known;
    const source = this.#reader.filterLines({ ...search, newestFirst: true, pageSize: PAGE_LINES });
    const history = new LineHistory(source, this.#now());
    this.#histories.delete(key);
    this.#histories.set(key, history);
    let characters = [...this.#histories.values()].reduce((sum, each) => sum + each.characters, 0);
    for (const [oldest, { characters: gone }] of this.#histories) {
      if (this.#histories.size <= MAX_HISTORIES && characters <= MAX_CHARACTERS) break;
      this.#histories.delete(oldest);
      characters -= gone;
    }
    return history;
  }

  /** Drops a history whose search failed, so that the next viewer searches again. */
  forget(history: LineHistory): void {
    for (const [key, known] of this.#histories) if (known === history) this.#histories.delete(key);
  }
}
