import { isDeepStrictEqual } from "node:util";
import { type AwsFailure, failureSaid, toAwsFailure } from "../aws/errors.ts";
import type { LiveTail, LogGroupRef, LogReader, RawLogLine } from "../aws/logs.ts";
import type { LogEvent, LogTailMode } from "../domain/observation/log-line.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { type ClockSkew, ClockSkews } from "./clock-skew.ts";
import { LineHistories, type LineHistory } from "./line-history.ts";
import { LineNumbering, SeenLines, type TailedLine, toTailedLine } from "./line-identity.ts";
import { type ChannelOptions, LogChannel } from "./log-channel.ts";
import { gapEvent } from "./log-gap.ts";
import type { LogViewer } from "./log-viewer.ts";
import { PollCursor } from "./poll-cursor.ts";
import type { SlotStreams } from "./slot-streams.ts";
import type { GroupTailTimes } from "./tail-times.ts";

/** What a shared tail needs of the outside. */
export interface GroupTailDeps {
  reader: LogReader;
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  times: GroupTailTimes;
}

const MAX_PAGES = 10;
const MAX_POLL_MS = 30_000;
/** A poll that falls this far behind skips ahead and says so. */
const MAX_LAG_MS = 60_000;

/** One log group's lines for any number of viewers: by live tail, else by polling, back and forth as AWS lets it. */
export class GroupTail {
  readonly logGroup: LogGroupRef;
  readonly viewers = new Set<LogViewer>();
  /** The newest lines, about in order of time; complete since `coveredFrom`. */
  readonly ring: TailedLine[] = [];
  coveredFrom = Number.POSITIVE_INFINITY;
  mode: LogTailMode = "connecting";
  /** Resolved when lines arrive one way or another, or it is clear that none will. */
  readonly ready: Promise<void>;
  /** How long a viewer waits for its first lines. */
  readonly searchMs: number;
  /** Searches for older lines, shared by the viewers. */
  readonly histories: LineHistories;
  readonly #channels = new Map<SlotStreams, LogChannel>();
  readonly #prefixes: string[];
  readonly #deps: GroupTailDeps;
  readonly #stopped = new AbortController();
  readonly #seen = new SeenLines();
  readonly #numbering = new LineNumbering();
  readonly #skews = new ClockSkews();
  #ringCharacters = 0;
  #message: Sentence | null = null;
  #coveredTo: number | null = null;
  #setReady: () => void = () => {};

  constructor(logGroup: LogGroupRef, prefixes: string[], deps: GroupTailDeps) {
    this.logGroup = logGroup;
    this.#prefixes = prefixes;
    this.#deps = deps;
    this.searchMs = deps.times.searchMs;
    this.histories = new LineHistories(deps.reader, deps.now);
    this.ready = new Promise((resolve) => {
      this.#setReady = resolve;
    });
  }

  /** Runs until `stop`. */
  async run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const startedAt = this.#deps.now();
      const failure = await this.#tailLive(signal);
      if (signal.aborted) break;
      if (failure) await this.#poll(failure, signal);
      // Sessions that end as soon as they start must not become a hot loop.
      else if (this.#deps.now() - startedAt < 1000) await this.#deps.sleep(1000, signal);
    }
    this.#setReady();
  }

  /** Ends the session and the polling. */
  stop(): void {
    this.#stopped.abort();
  }

  /** The lines as one application tells them apart. */
  channelOf(streams: SlotStreams, options: ChannelOptions = {}): LogChannel {
    const { queuedLines: lines, queuedCharacters: characters } = this.#deps.times;
    const channel =
      this.#channels.get(streams) ?? new LogChannel(streams, { lines, characters }, this.#deps.now, options);
    this.#channels.set(streams, channel);
    return channel;
  }

  add(viewer: LogViewer): void {
    this.viewers.add(viewer);
    viewer.channel.viewers.add(viewer);
    viewer.notify(this.#status());
    for (const skew of this.#skews.current()) this.#tellSkew(skew, [viewer]);
  }

  remove(viewer: LogViewer): void {
    this.viewers.delete(viewer);
    viewer.channel.viewers.delete(viewer);
    for (const [streams, { viewers }] of this.#channels) if (viewers.size === 0) this.#channels.delete(streams);
  }

  /** Whether the stream is one of those that are wanted: AWS narrows a search by one prefix, and this by all. */
  isWithin(stream: string): boolean {
    return this.#prefixes.length === 0 || this.#prefixes.some((prefix) => stream.startsWith(prefix));
  }

  now(): number {
    return this.#deps.now();
  }

  /** Older lines, newest first, that join what this tail remembers. */
  history(search: { from: number; streams?: string[] }): LineHistory {
    const streamPrefix = search.streams || this.#prefixes.length !== 1 ? undefined : this.#prefixes[0];
    const logGroup = this.logGroup;
    return this.histories.find({ ...search, logGroup, streamPrefix, signal: this.#stopped.signal }, this.coveredFrom);
  }

  /** Null when the session ended as sessions do: the next one takes over. */
  async #tailLive(signal: AbortSignal): Promise<AwsFailure | null> {
    const { reader, now, times } = this.#deps;
    let tail: LiveTail | undefined;
    let silence: NodeJS.Timeout | undefined;
    try {
      const streamPrefixes = this.#prefixes.length > 0 ? this.#prefixes : undefined;
      tail = await reader.startLiveTail({ logGroup: this.logGroup, streamPrefixes, signal });
      // The first session needs no more than what the search of its first viewer may have come too early for.
      const since = this.#coveredTo === null ? now() - times.settleMs : this.#coveredTo - times.overlapMs;
      const isRestart = this.#coveredTo !== null;
      this.#coveredTo ??= now();
      this.coveredFrom = Math.min(this.coveredFrom, now());
      this.#setStatus("live", null);
      if (isRestart) await this.#fill(since, signal);
      void this.#fillLater(since, signal);
      silence = setTimeout(tail.close, times.silenceMs);
      for await (const update of tail.updates) {
        silence.refresh();
        this.#ingest(update.lines, this.#numbering);
        this.#coveredTo = now();
        if (update.sampled) this.#notify({ type: "sampled", at: now(), kept: update.lines.length });
      }
      return null;
    } catch (error) {
      if (signal.aborted) return null;
      const failure = asFailure(error);
      return failure.code === "SessionTimeoutException" ? null : failure;
    } finally {
      clearTimeout(silence);
      tail?.close();
    }
  }

  async #fillLater(since: number, signal: AbortSignal): Promise<void> {
    await this.#deps.sleep(this.#deps.times.settleMs, signal);
    if (!signal.aborted && this.viewers.size > 0) await this.#fill(since, signal);
  }

  /** Brings what was written since then and not passed on yet. */
  async #fill(since: number, signal: AbortSignal): Promise<void> {
    const numbering = new LineNumbering();
    let newest = since;
    let pages = 0;
    try {
      for await (const page of this.#search(since, signal)) {
        this.#ingest(page, numbering);
        newest = Math.max(newest, page.at(-1)?.at ?? 0);
        if (++pages < MAX_PAGES) continue;
        this.#notifyGap(newest, say("logGap.catchUp"));
        return;
      }
    } catch (error) {
      if (!signal.aborted) this.#notifyGap(since, failureSaid(asFailure(error)));
    }
  }

  async #poll(refusal: AwsFailure, signal: AbortSignal): Promise<void> {
    const { now, sleep, times } = this.#deps;
    const retryAt = now() + times.retryMs[reasonOf(refusal)];
    const poll = new PollCursor(this.#coveredTo ?? now());
    this.coveredFrom = Math.min(this.coveredFrom, now());
    let failures = 0;
    do {
      try {
        await this.#pollOnce(poll, signal);
        failures = 0;
        this.#setStatus("polling", say("logGap.instead", { why: refusalSaid(refusal), seconds: times.pollMs / 1000 }));
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        this.#setStatus("failed", failureSaid(asFailure(error)));
      }
      await sleep(Math.min(times.pollMs * 2 ** failures, MAX_POLL_MS), signal);
    } while (!signal.aborted && now() < retryAt);
  }

  async #pollOnce(poll: PollCursor, signal: AbortSignal): Promise<void> {
    const { now, times } = this.#deps;
    const startedAt = now();
    let pages = 0;
    for await (const page of this.#search(poll.start(times.overlapMs), signal)) {
      this.#ingest(poll.unseen(page), poll.numbering);
      if (++pages < MAX_PAGES) continue;
      if (poll.cutShort() < startedAt - MAX_LAG_MS) {
        this.#notifyGap(poll.skipTo(startedAt), say("logGap.polling"));
      }
      return;
    }
    poll.finish(startedAt);
    this.#coveredTo = startedAt;
  }

  #search(from: number, signal: AbortSignal): AsyncGenerator<RawLogLine[]> {
    const streamPrefix = this.#prefixes.length === 1 ? this.#prefixes[0] : undefined;
    return this.#deps.reader.filterLines({ logGroup: this.logGroup, streamPrefix, from, signal });
  }

  #ingest(raws: readonly RawLogLine[], numbering: LineNumbering): void {
    const now = this.#deps.now();
    const lines: TailedLine[] = [];
    for (const raw of raws) {
      if (!this.isWithin(raw.stream)) continue;
      const id = numbering.idOf(raw);
      if (!this.#seen.add(id, now)) continue;
      lines.push(toTailedLine(raw, id));
      const skew = this.#skews.note(raw.stream, raw.at, raw.ingestedAt);
      if (skew) this.#tellSkew(skew, this.viewers);
    }
    // What is covered stands still in an outage, and with it what has to be remembered. A search after a restart
    // reaches back by the overlap, and is repeated once things have settled.
    this.#seen.forgetBefore((this.#coveredTo ?? now) - 2 * this.#deps.times.overlapMs - 60_000);
    this.#remember(lines);
    for (const channel of this.#channels.values()) channel.ingest(lines);
  }

  #remember(lines: readonly TailedLine[]): void {
    const isLate = (lines[0]?.at ?? Number.POSITIVE_INFINITY) < (this.ring.at(-1)?.at ?? 0);
    for (const line of lines) {
      this.ring.push(line);
      this.#ringCharacters += line.text.length;
    }
    if (isLate) this.ring.sort((a, b) => a.at - b.at);
    const { ringLines, ringCharacters } = this.#deps.times;
    if (this.ring.length <= ringLines * 1.25 && this.#ringCharacters <= ringCharacters * 1.25) return;
    let gone = 0;
    for (const { text } of this.ring) {
      if (this.ring.length - gone <= ringLines && this.#ringCharacters <= ringCharacters) break;
      this.#ringCharacters -= text.length;
      gone++;
    }
    const dropped = this.ring.splice(0, gone);
    this.coveredFrom = Math.max(this.coveredFrom, (dropped.at(-1)?.at ?? 0) + 1);
  }

  /** Only to those whose application's stream it is. */
  #tellSkew({ stream, offsetMs }: ClockSkew, viewers: Iterable<LogViewer>): void {
    for (const viewer of viewers) {
      const owner = viewer.channel.ownerOf(stream);
      if (owner) viewer.notify({ type: "clock", at: this.#deps.now(), ...owner, stream, offsetMs });
    }
  }

  #notifyGap(from: number, said: Sentence): void {
    this.#notify(gapEvent(from, this.#deps.now(), said));
  }

  #notify(event: Exclude<LogEvent, { type: "line" }>): void {
    for (const viewer of this.viewers) viewer.notify(event);
  }

  #status(): Extract<LogEvent, { type: "status" }> {
    const told = this.#message ? { message: inEnglish(this.#message), messageSaid: this.#message } : { message: null };
    return { type: "status", mode: this.mode, ...told, at: this.#deps.now() };
  }

  #setStatus(mode: LogTailMode, message: Sentence | null): void {
    this.#setReady();
    if (this.mode === mode && isDeepStrictEqual(this.#message, message)) return;
    this.mode = mode;
    this.#message = message;
    this.#notify(this.#status());
  }
}

/** The group's class has none: infrequent access. */
const NO_LIVE_TAIL = "InvalidOperationException";

/** Why there is no live tail. */
function refusalSaid(refusal: AwsFailure): Sentence {
  if (refusal.code === NO_LIVE_TAIL) return say("logGap.noLiveTail", { code: refusal.code });
  return failureSaid(refusal);
}

const asFailure = (error: unknown) => toAwsFailure(error, "logs", "StartLiveTail");

function reasonOf(failure: AwsFailure): keyof GroupTailTimes["retryMs"] {
  if (failure.code === "LimitExceededException") return "limited";
  if (failure.code === NO_LIVE_TAIL || failure.kind === "credentials" || failure.kind === "clock") return "denied";
  if (failure.kind === "denied" || failure.kind === "throttled" || failure.kind === "missing") return failure.kind;
  return "other";
}
