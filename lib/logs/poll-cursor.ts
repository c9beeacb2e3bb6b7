import type { RawLogLine } from "../aws/logs.ts";
import { LineNumbering } from "./line-identity.ts";

const REMEMBER_MS = 180_000;

/** Where polling stands: it reads a little back each time and drops by event id what it had. */
export class PollCursor {
  readonly numbering = new LineNumbering();
  #eventIds = new Map<string, number>();
  #at: number;
  #newest: number;
  #isCutShort = false;

  constructor(from: number) {
    this.#at = from;
    this.#newest = from;
  }

  start(overlapMs: number): number {
    // Behind a page limit the overlap could eat the whole page; the event ids are enough there.
    return this.#isCutShort ? this.#at : this.#at - overlapMs;
  }

  unseen(page: readonly RawLogLine[]): RawLogLine[] {
    return page.filter((line) => {
      this.#newest = Math.max(this.#newest, line.at);
      if (line.eventId === null) return true;
      if (this.#eventIds.has(line.eventId)) return false;
      this.#eventIds.set(line.eventId, line.at);
      return true;
    });
  }

  finish(at: number): void {
    this.#at = at;
    this.#isCutShort = false;
    for (const [id, lineAt] of this.#eventIds) if (lineAt < at - REMEMBER_MS) this.#eventIds.delete(id);
  }

  cutShort(): number {
    this.#at = this.#newest;
    this.#isCutShort = true;
    return this.#at;
  }

  /** Gives up on what lies before `at`; returns where the hole begins. */
  skipTo(at: number): number {
    const from = this.#at;
    this.#at = at;
    return from;
  }
}
