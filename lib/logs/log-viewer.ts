import type { LogEvent, LogLine } from "../domain/observation/log-line.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import type { TailedLine } from "./line-identity.ts";
import type { LineOwner, SlotStreams } from "./slot-streams.ts";

const MAX_BATCH = 500;
const MAX_NOTICES = 50;
/** A task's first lines may arrive before the task is observed; foreign lines are left out after this time. */
const HOLD_MS = 10_000;

/** What one viewer wants to see. */
export interface ViewerWishes {
  streams: SlotStreams;
  slots: "blue" | "green" | "both";
  /** Only lines that contain this text, in either case. */
  filter?: string;
  /** Lines that wait for a slow reader before the oldest are dropped. */
  maxQueuedLines: number;
}

/** Owners looked up once a batch, shared by the viewers of one application. */
export type OwnerCache = Map<SlotStreams, Map<string, LineOwner | null>>;

/** A line whose owner is not known yet. */
interface HeldLine {
  line: TailedLine;
  until: number;
}

type Gap = Extract<LogEvent, { type: "gap" }>;

/** One viewer's queue: picks its lines, keeps memory bounded, and says so when it had to drop some. */
export class LogViewer {
  readonly #wishes: ViewerWishes;
  readonly #needle: string;
  readonly #now: () => number;
  #queue: LogEvent[] = [];
  #queuedLines = 0;
  #dropped: Gap | null = null;
  #held: HeldLine[] = [];
  /** Null after the back-fill; until then lines wait behind it. */
  #waiting: TailedLine[] | null = [];
  #backfilled = new Set<string>();
  #floor: Partial<Record<SlotColor, number>> = {};
  #isClosed = false;
  #wake: (() => void) | null = null;

  constructor(wishes: ViewerWishes, now: () => number) {
    this.#wishes = wishes;
    this.#needle = wishes.filter?.toLowerCase() ?? "";
    this.#now = now;
  }

  /** The line as this viewer sees it; null while its owner is unknown, undefined when it is not wanted. */
  pick(line: TailedLine, owners?: OwnerCache): LogLine | null | undefined {
    if (this.#needle !== "" && !line.text.toLowerCase().includes(this.#needle)) return undefined;
    const owner = this.#ownerOf(line.stream, owners);
    if (!owner) return null;
    const { slots } = this.#wishes;
    if (slots !== "both" && owner.slot !== slots) return undefined;
    return { ...line, ...owner };
  }

  /** Lines as they arrive; an empty list looks again at those whose owner was unknown. */
  deliver(lines: readonly TailedLine[], owners?: OwnerCache): void {
    if (this.#isClosed) return;
    if (this.#waiting) {
      this.#waiting.push(...lines);
      if (this.#waiting.length > this.#wishes.maxQueuedLines * 2) {
        this.#waiting = this.#waiting.slice(-this.#wishes.maxQueuedLines);
      }
      return;
    }
    const picked: LogLine[] = [];
    const stillHeld: HeldLine[] = [];
    const now = this.#now();
    const consider = (line: TailedLine, until: number): void => {
      const mine = this.pick(line, owners);
      if (mine && !this.#isKnown(mine)) picked.push(mine);
      else if (mine === null && until > now) stillHeld.push({ line, until });
    };
    for (const { line, until } of this.#held) consider(line, until);
    for (const line of lines) consider(line, now + HOLD_MS);
    this.#held = stillHeld.slice(-this.#wishes.maxQueuedLines);
    this.#enqueueLines(picked);
  }

  /** The first lines, oldest first; on a full side, what is no newer than its oldest is left out from now on. */
  begin(lines: readonly LogLine[], floor: Partial<Record<SlotColor, number>>): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = null;
    this.#floor = floor;
    this.#backfilled = new Set(lines.map((line) => line.id));
    this.#enqueueLines(lines);
    this.deliver(waiting);
  }

  /** Anything but lines. A newer status replaces one that nobody read. */
  notify(event: Exclude<LogEvent, { type: "line" }>): void {
    if (this.#isClosed) return;
    const last = this.#queue.at(-1);
    if (event.type === "status" && last?.type === "status") this.#queue.pop();
    this.#queue.push(event);
    const notices = this.#queue.filter((queued) => queued.type !== "line");
    const oldest = notices.length > MAX_NOTICES ? notices[0] : undefined;
    if (oldest) this.#queue.splice(this.#queue.indexOf(oldest), 1);
    this.#wake?.();
  }

  /** Ends `events` after what is queued. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  /** What happened, in order, until the viewer is closed. */
  async *events(): AsyncGenerator<LogEvent> {
    for (;;) {
      const event = this.#dequeue();
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

  #dequeue(): LogEvent | undefined {
    if (this.#dropped) {
      const gap = this.#dropped;
      this.#dropped = null;
      return gap;
    }
    const event = this.#queue.shift();
    if (event?.type === "line") this.#queuedLines -= event.lines.length;
    return event;
  }

  #isKnown(line: LogLine): boolean {
    const floor = line.slot ? this.#floor[line.slot] : undefined;
    return this.#backfilled.has(line.id) || (floor !== undefined && line.at <= floor);
  }

  #ownerOf(stream: string, owners: OwnerCache | undefined): LineOwner | null {
    const { streams } = this.#wishes;
    const known = owners?.get(streams) ?? new Map<string, LineOwner | null>();
    owners?.set(streams, known);
    let owner = known.get(stream);
    if (owner === undefined) {
      owner = streams.ownerOf(stream);
      known.set(stream, owner);
    }
    return owner;
  }

  #enqueueLines(lines: readonly LogLine[]): void {
    for (let start = 0; start < lines.length; start += MAX_BATCH) {
      const batch = lines.slice(start, start + MAX_BATCH);
      const last = this.#queue.at(-1);
      if (last?.type === "line" && last.lines.length + batch.length <= MAX_BATCH) last.lines.push(...batch);
      else this.#queue.push({ type: "line", lines: batch });
      this.#queuedLines += batch.length;
    }
    while (this.#queuedLines > this.#wishes.maxQueuedLines) this.#dropOldest();
    if (lines.length > 0) this.#wake?.();
  }

  #dropOldest(): void {
    const index = this.#queue.findIndex((queued) => queued.type === "line");
    const oldest = this.#queue[index];
    if (oldest?.type !== "line") return;
    const excess = this.#queuedLines - this.#wishes.maxQueuedLines;
    const gone = oldest.lines.splice(0, excess);
    if (oldest.lines.length === 0) this.#queue.splice(index, 1);
    this.#queuedLines -= gone.length;
    this.#dropped = {
      type: "gap",
      from: this.#dropped?.from ?? gone[0]?.at ?? 0,
      to: gone.at(-1)?.at ?? 0,
      count: (this.#dropped?.count ?? 0) + gone.length,
      reason: "This viewer read more slowly than lines arrived",
    };
  }
}
