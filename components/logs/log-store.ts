import type { StreamSource } from "@/components/live/live-store.ts";
import { backOffMs } from "@/components/live/live-store.ts";
import { SilenceWatch } from "@/components/live/silence-watch.ts";
import { formatDuration } from "@/components/ui/format-time.ts";
import type { LogEvent, LogLine, LogTailMode } from "@/lib/domain/observation/log-line.ts";
import { orText, type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import { foldLines } from "./fold-lines.ts";
import { type BufferChange, LogBuffer, type LogRow } from "./log-buffer.ts";
import { LogRate } from "./log-rate.ts";
import { ErrorSignatures } from "./log-signatures.ts";

/** How the lines reach this tab. */
export interface LogStatus {
  mode: LogTailMode | "reconnecting" | "signed-out" | "paused";
  message: string | Sentence | null;
}

/** Why the stream cannot be had. */
export interface LogRefusal {
  isSignedOut: boolean;
  message: string | Sentence;
}

/** What the store needs from the outside. */
export interface LogPorts {
  /** Opens the stream; `since` (epoch ms) is from when on lines may be missing here, null at first. Briefly, it ends by itself soon. */
  open(since: number | null, isBrief: boolean): StreamSource;
  /** Asked when the stream ends: whether the session is gone, or why the server refuses; null when it would answer. */
  findRefusal(): Promise<LogRefusal | null>;
  setTimer(run: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
  /** Epoch ms by the browser's clock, which may be wrong. */
  now(): number;
}

/** Lines are given to the views at most four times a second, however fast they come. */
const FLUSH_MS = 250;
const HIDDEN_MS = 30_000;
/** Behind lines that came before it by more than this, a line is late. */
const LATE_MS = 10_000;
/** Asked for once more after a connection broke: lines arrive late, and those that are here are told by their ids. */
const OVERLAP_MS = 120_000;
/** What a connection begins with is older than what follows, and is not late. */
const SETTLE_MS = 15_000;

const HELD_BACK = say("logs.heldBack");
const NOTHING_COMES = say("logs.nothingComes");

type Flushed = (change: BufferChange) => void;

/** The tab's log: one stream in, the buffer, the rate and the error kinds kept up, views told in batches. */
export class LogStore {
  readonly buffer = new LogBuffer();
  readonly rate = new LogRate();
  /** The last half hour, and whatever older lines of it were loaded. */
  readonly spans = new LogRate(15_000, 120);
  readonly signatures = new ErrorSignatures();
  status: LogStatus = { mode: "connecting", message: null };
  #ports: LogPorts;
  #pending: LogRow[] = [];
  #listeners = new Set<Flushed>();
  #source: StreamSource | null = null;
  #flushTimer: unknown = null;
  #retryTimer: unknown = null;
  #hideTimer: unknown = null;
  #attempt = 0;
  #newest: number | null = null;
  #serverAheadMs = 0;
  #isStarted = false;
  #isSettled = false;
  #settleTimer: unknown = null;
  readonly #silence: SilenceWatch;

  constructor(ports: LogPorts) {
    this.#ports = ports;
    this.#silence = new SilenceWatch(ports, () => this.#silent());
  }

  /** Called after every batch, and with an empty change when the status changes. */
  subscribe(listener: Flushed): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    this.#isStarted = true;
    this.#connect();
  }

  stop(): void {
    this.#isStarted = false;
    this.#letGo();
    for (const timer of [this.#flushTimer, this.#hideTimer]) if (timer !== null) this.#ports.clearTimer(timer);
    this.#flushTimer = this.#hideTimer = null;
  }

  setHidden(isHidden: boolean): void {
    if (this.#hideTimer !== null) this.#ports.clearTimer(this.#hideTimer);
    this.#hideTimer = null;
    if (!this.#isStarted || this.status.mode === "signed-out") return;
    if (isHidden) this.#hideTimer = this.#ports.setTimer(() => this.#leave(), HIDDEN_MS);
    else if (!this.#source) this.#connect();
  }

  /** The page is left and may be shown again as it is: lets go at once, until it is seen again. */
  leave(): void {
    if (this.#isStarted && this.status.mode !== "signed-out") this.#leave();
  }

  #leave(): void {
    this.#letGo();
    this.#setStatus({ mode: "paused", message: say("logs.hidden") });
  }

  /** The session has ended: lets go and does not come back. */
  endSession(): void {
    this.stop();
    this.#setStatus({ mode: "signed-out", message: say("logs.signedOut") });
  }

  /** A moment worth a mark, such as a switch; the same id is taken once. */
  mark(id: string, at: number, text: Sentence): void {
    this.#push({ kind: "marker", id: `marker:${id}`, at, text });
  }

  receive(event: LogEvent): void {
    if (event.type === "status") {
      this.#serverAheadMs = event.at - this.#ports.now();
      const { mode, message, messageSaid } = event;
      if (message !== null) this.#setStatus({ mode, message: orText(messageSaid, message) });
      else if (mode === "live" && this.#silence.isHeldBack) this.#setStatus({ mode: "polling", message: HELD_BACK });
      else this.#setStatus({ mode, message });
      return;
    }
    if (event.type === "line") for (const line of event.lines) this.#receiveLine(line);
    else this.#push(noteRow(event));
  }

  #receiveLine(line: LogLine): void {
    const isLate = this.#isSettled && line.at < (this.#newest ?? 0) - LATE_MS;
    // A line from the future must not make all others late, nor hide what is missing until then.
    const now = this.#ports.now() + this.#serverAheadMs;
    this.#newest = Math.max(this.#newest ?? 0, Math.min(line.at, now));
    this.#push({ kind: "line", id: line.id, at: line.at, line, ...(isLate ? { isLate } : {}) });
  }

  #push(row: LogRow): void {
    this.#pending.push(row);
    this.#flushTimer ??= this.#ports.setTimer(() => this.flush(), FLUSH_MS);
  }

  /** Puts lines of the past in their places, at once; says where what follows them is not loaded. */
  addPast(lines: readonly LogLine[], missing?: { from: number; to: number }): BufferChange {
    const rows: LogRow[] = lines.map((line) => ({ kind: "line", id: line.id, at: line.at, line }));
    const text = say("logs.notLoaded");
    if (missing) rows.push({ kind: "gap", id: `past:${missing.from}`, at: missing.from, text });
    const change = this.buffer.add(foldLines(rows));
    for (const row of change.added) if (row.kind === "line") this.spans.add(row.at, row.line.level === "error");
    this.#tell(change);
    return change;
  }

  /** Lines that were not loaded are loaded now: the row that stood for them goes. */
  closeGap(id: string): void {
    this.#tell(this.buffer.remove(id));
  }

  /** Gives what has come in to the buffer and the views. */
  flush(): void {
    if (this.#flushTimer !== null) this.#ports.clearTimer(this.#flushTimer);
    this.#flushTimer = null;
    const change = this.buffer.add(foldLines(this.#pending));
    this.#pending = [];
    const now = this.#ports.now() + this.#serverAheadMs;
    for (const row of change.added) {
      if (row.kind !== "line") continue;
      // Lines from the future are of now: they would push what is counted out of the strip, and hide that nothing comes.
      const at = Math.min(row.at, now);
      this.rate.add(at, row.line.level === "error");
      this.spans.add(at, row.line.level === "error");
      this.signatures.add(at === row.at ? row.line : { ...row.line, at });
    }
    this.#tell(change);
  }

  #tell(change: BufferChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #setStatus(status: LogStatus): void {
    if (status.mode === this.status.mode && status.message === this.status.message) return;
    this.status = status;
    this.#tell({ added: [], dropped: [], from: this.buffer.rows.length });
  }

  #letGo(): void {
    if (this.#retryTimer !== null) this.#ports.clearTimer(this.#retryTimer);
    this.#retryTimer = null;
    this.#source?.close();
    this.#source = null;
    this.#silence.stop();
    if (this.#settleTimer !== null) this.#ports.clearTimer(this.#settleTimer);
    this.#settleTimer = null;
    this.#isSettled = false;
  }

  #connect(): void {
    this.#letGo();
    const since = this.#newest === null ? null : this.#newest - OVERLAP_MS;
    const source = this.#ports.open(since, this.#silence.isHeldBack);
    this.#source = source;
    this.#silence.opened();
    source.onopen = () => {
      this.#attempt = 0;
      this.#settleTimer ??= this.#ports.setTimer(() => {
        this.#isSettled = true;
      }, SETTLE_MS);
    };
    source.onerror = () => {
      if (this.#source === source) this.#fail();
    };
    for (const type of ["line", "gap", "sampled", "clock", "status"] as const)
      source.addEventListener(type, (message) => {
        if (this.#source !== source) return;
        this.#silence.heard();
        const event = decode(type, message.data);
        if (event) this.receive(event);
      });
    source.addEventListener("ping", () => {
      if (this.#source === source) this.#silence.heard(true);
    });
    for (const word of ["renew", "access"])
      source.addEventListener(word, () => {
        if (this.#source === source) this.#connect();
      });
  }

  /** Asked for anew at once, the second time briefly; after that as whatever cannot be reached. */
  #silent(): void {
    if (this.#silence.inARow > 2) this.#fail({ mode: "failed", message: NOTHING_COMES });
    else {
      this.#setStatus({ mode: "reconnecting", message: NOTHING_COMES });
      this.#connect();
    }
  }

  #fail(status: LogStatus = { mode: "reconnecting", message: null }): void {
    this.#letGo();
    this.#setStatus(status);
    const wait = backOffMs(this.#attempt++);
    void this.#ports.findRefusal().then((refusal) => {
      if (!this.#isStarted || this.#source || this.#retryTimer !== null) return;
      if (refusal) this.#setStatus({ mode: refusal.isSignedOut ? "signed-out" : "failed", message: refusal.message });
      if (!refusal?.isSignedOut) this.#retryTimer = this.#ports.setTimer(() => this.#connect(), wait);
    });
  }
}

/** What is shown in the place of lines that did not come. */
function noteRow(event: Extract<LogEvent, { type: "gap" | "sampled" | "clock" }>): LogRow {
  if (event.type === "clock") {
    const { stream, taskId, slot, offsetMs, at } = event;
    const who = taskId?.slice(0, 8) ?? stream;
    const by = formatDuration(Math.abs(offsetMs));
    // A new row when it has changed by a minute.
    const id = `clock:${stream}:${Math.round(offsetMs / 60_000)}`;
    return {
      kind: "clock",
      id,
      at,
      text: say(offsetMs > 0 ? "logs.clockAhead" : "logs.clockBehind", { who, slot: slot ?? "?", by }),
    };
  }
  if (event.type === "sampled")
    return {
      kind: "sampled",
      // One row for ten seconds: a busy group is sampled every second.
      id: `sampled:${Math.floor(event.at / 10_000)}`,
      at: event.at,
      text: say("logs.sampled", { kept: event.kept }),
    };
  const reason = orText(event.reasonSaid, event.reason);
  const text =
    event.count === null ? say("logs.missing", { reason }) : say("logs.missingCount", { count: event.count, reason });
  return { kind: "gap", id: `gap:${event.from}:${event.to}`, at: event.to, text };
}

/** A `line` event is the batch itself; the others are objects without their type. */
function decode(type: LogEvent["type"], data: string): LogEvent | null {
  try {
    const value: unknown = JSON.parse(data);
    if (type === "line" && Array.isArray(value)) return { type, lines: value };
    // Safe because our own server writes these events from the same types.
    return typeof value === "object" && value !== null ? ({ ...value, type } as LogEvent) : null;
  } catch {
    return null;
  }
}
