/** How much a journal keeps, whoever reads it. */
export interface JournalBounds {
  lines: number;
  /** Characters of text. */
  characters: number;
}

/** Lines in the order in which they arrived, numbered from 0 and kept once for all readers; over its bounds the oldest go. */
export class LineJournal<Line extends { at: number; text: string }> {
  readonly #bounds: JournalBounds;
  #lines: Line[] = [];
  /** Number of the first line in `#lines`; it may be gone already. */
  #offset = 0;
  #start = 0;
  #characters = 0;
  #lastGoneAt = 0;

  constructor(bounds: JournalBounds) {
    this.#bounds = bounds;
  }

  /** Number of the oldest line that is still here. */
  get start(): number {
    return this.#start;
  }

  /** Number that the next line will have. */
  get end(): number {
    return this.#offset + this.#lines.length;
  }

  /** Time (epoch ms) of the newest line that had to go. */
  get lastGoneAt(): number {
    return this.#lastGoneAt;
  }

  /** The line of that number; undefined where it is gone or not yet there. */
  at(number: number): Line | undefined {
    return number < this.#start ? undefined : this.#lines[number - this.#offset];
  }

  /** What comes together is kept together, whatever the bounds: everybody gets a turn to read it. */
  append(lines: readonly Line[]): void {
    const newest = this.end;
    for (const line of lines) {
      this.#lines.push(line);
      this.#characters += line.text.length;
    }
    while (this.end - this.#start > this.#bounds.lines || this.#characters > this.#bounds.characters) {
      if (this.#start >= newest) break;
      const oldest = this.#lines[this.#start - this.#offset];
      if (!oldest) break;
      this.#characters -= oldest.text.length;
      this.#lastGoneAt = oldest.at;
      this.#start++;
    }
    // Moving the whole array for every line would cost more than what is kept a while longer.
    if (this.#start - this.#offset > Math.max(64, (this.end - this.#start) / 4)) {
      this.#lines = this.#lines.slice(this.#start - this.#offset);
      this.#offset = this.#start;
    }
  }
}
