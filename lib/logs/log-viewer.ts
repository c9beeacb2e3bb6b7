import { foldText } from "../domain/log/plain-text.ts";
import type { LogEvent, LogLine } from "../domain/observation/log-line.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { TailedLine } from "./line-identity.ts";
import { type FirstLines, firstLines, isWanted, type LineRequest, type LogChannel } from "./log-channel.ts";
import { gapEvent } from "./log-gap.ts";

const MAX_NOTICES = 50;

type Notice = Exclude<LogEvent, { type: "line" }>;

/**
 * One viewer's place in a channel: lines are read from the channel's journal, so that a reader who is slow or stuck costs a
 * number and no lines. Whoever falls out of the journal is told how many lines that were.
 */
export class LogViewer {
  readonly channel: LogChannel;
  readonly lineRequest: LineRequest;
  #cursor: number;
  /** What the reader is told, before the line of that number. */
  #notices: { event: Notice; before: number }[] = [];
  /** Null until the back-fill: lines wait behind it. */
  #first: FirstLines | null = null;
  #firstTold = 0;
  #firstCharacters = 0;
  readonly #sharesFirst: boolean;
  /** Lines of the back-fill whose side was not known. */
  #unowned: TailedLine[] = [];
  #begunAt = 0;
  /** Lines of the back-fill whose side was told later. */
  #lateKnown: Set<string> | null = null;
  #floor: Partial<Record<SlotColor, number>> = {};
  /** Time of the newest line that the reader took. */
  #lastAt = Number.POSITIVE_INFINITY;
  #isClosed = false;
  #wake: (() => void) | null = null;

  constructor(channel: LogChannel, lineRequest: { slots: LineRequest["slots"]; filter?: string; since?: number }) {
    this.channel = channel;
    this.#sharesFirst = lineRequest.since === undefined;
    this.lineRequest = { slots: lineRequest.slots, needle: foldText(lineRequest.filter ?? "") };
    this.#cursor = channel.journal.end;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Characters of first lines that the reader has not taken yet; none where it shares them with others who came as it did. */
  get waitingCharacters(): number {
    return this.#firstCharacters;
  }

  /** The line as this viewer sees it; null while its owner is unknown, undefined when it is not wanted. */
  pick(line: TailedLine): LogLine | null | undefined {
    const owned = this.channel.own(line);
    if (owned) return isWanted(owned, this.lineRequest) ? owned : undefined;
    return isWanted({ ...line, slot: null, taskId: null }, { ...this.lineRequest, slots: "both" }) ? null : undefined;
  }

  /** The first lines, oldest first; on a full side, what is no newer than its oldest is left out from now on. */
  begin(
    lines: readonly LogLine[],
    floor: Partial<Record<SlotColor, number>>,
    unowned: readonly TailedLine[] = [],
  ): void {
    if (this.#first || this.#isClosed) return;
    this.#first = this.#sharesFirst ? this.channel.firstLines(lines) : firstLines(lines);
    this.#firstCharacters = this.#sharesFirst ? 0 : charactersOf(lines);
    this.#unowned = [...unowned];
    this.#begunAt = this.channel.now();
    this.#floor = floor;
    this.wake();
  }

  /** Anything but lines. A newer status replaces one that nobody read. */
  notify(event: Notice): void {
    if (this.#isClosed) return;
    if (event.type === "status" && this.#notices.at(-1)?.event.type === "status") this.#notices.pop();
    this.#notices.push({ event, before: this.channel.journal.end });
    if (this.#notices.length > MAX_NOTICES) this.#notices.shift();
    this.wake();
  }

  /** Looks again whether there is something to read. */
  wake(): void {
    this.#wake?.();
  }

  /** Ends `events` after what is there. */
  close(): void {
    this.#isClosed = true;
    this.wake();
  }

  /** What happened, in order, until the viewer is closed. */
  async *events(): AsyncGenerator<LogEvent> {
    for (;;) {
      const event = this.#next();
      if (event) yield event;
      else if (this.#isClosed) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
    }
  }

  #next(): LogEvent | undefined {
    const notice = this.#notices[0];
    if (notice && (notice.before <= this.#cursor || !this.#first)) return this.#notices.shift()?.event;
    if (!this.#first) return undefined;
    const first = this.#first.events[this.#firstTold];
    if (first) {
      this.#firstTold++;
      this.#lastAt = first.lines.at(-1)?.at ?? this.#lastAt;
      this.#firstCharacters = Math.max(0, this.#firstCharacters - charactersOf(first.lines));
      // Its ids are still needed, its lines are not.
      if (this.#firstTold === this.#first.events.length) {
        this.#first = { events: [], ids: this.#first.ids };
        this.#firstTold = 0;
      }
      return first;
    }
    const event = this.#nextUnowned() ?? this.#nextGap() ?? this.#nextBatch();
    // The lines before it may all have been others'.
    return event ?? (notice ? this.#notices.shift()?.event : undefined);
  }

  #nextUnowned(): LogEvent | undefined {
    if (this.#unowned.length === 0) return undefined;
    const lines: LogLine[] = [];
    this.#unowned = this.#unowned.filter((line) => {
      const mine = this.channel.ownInTheEnd(line, this.#begunAt);
      if (mine && isWanted(mine, this.lineRequest) && !this.#isKnown(mine)) lines.push(mine);
      return mine === null;
    });
    this.#lateKnown ??= new Set();
    for (const line of lines) this.#lateKnown.add(line.id);
    return lines.length > 0 ? { type: "line", lines } : undefined;
  }

  #nextGap(): LogEvent | undefined {
    const { journal } = this.channel;
    if (this.#cursor >= journal.start) return undefined;
    const gone = journal.start - this.#cursor;
    this.#cursor = journal.start;
    const seesAll = this.lineRequest.slots === "both" && this.lineRequest.needle === "";
    const from = Math.min(this.#lastAt, journal.lastGoneAt);
    return gapEvent(from, journal.lastGoneAt, say("logGap.slowReader"), seesAll ? gone : null);
  }

  /** The next lines that are wanted and not known yet. */
  #nextBatch(): LogEvent | undefined {
    while (this.#cursor < this.channel.journal.end) {
      const { event, next } = this.channel.batch(this.#cursor, this.lineRequest);
      this.#cursor = next;
      if (!event) continue;
      this.#lastAt = event.lines.at(-1)?.at ?? this.#lastAt;
      // Shared with all who are abreast, and so are its bytes, unless the back-fill had some of it.
      if (!event.lines.some((line) => this.#isKnown(line))) return event;
      const lines = event.lines.filter((line) => !this.#isKnown(line));
      if (lines.length > 0) return { type: "line", lines };
    }
    return undefined;
  }

  #isKnown(line: LogLine): boolean {
    const floor = line.slot ? this.#floor[line.slot] : undefined;
    const isToldBefore = this.#first?.ids.has(line.id) || this.#lateKnown?.has(line.id);
    return isToldBefore || (floor !== undefined && line.at <= floor);
  }
}

const charactersOf = (lines: readonly LogLine[]) => lines.reduce((sum, line) => sum + line.text.length, 0);
