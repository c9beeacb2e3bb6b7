import { delay } from "../aws/caller.ts";
import type { LogGroupRef, LogReader } from "../aws/logs.ts";
import type { LevelRule } from "../domain/log/level-rule.ts";
import type { OwnSecretRule } from "../domain/log/secrets.ts";
import type { LogEvent, LogTailMode } from "../domain/observation/log-line.ts";
import type { SlotColor } from "../domain/observation/slot.ts";
import { say } from "../domain/sentence/sentence.ts";
import { GroupTail } from "./group-tail.ts";
import { findBackfill } from "./log-backfill.ts";
import { gapEvent } from "./log-gap.ts";
import { LogViewer } from "./log-viewer.ts";
import type { SlotStreams } from "./slot-streams.ts";
import { DEFAULT_TAIL_TIMES, type LogTailsTimes } from "./tail-times.ts";

/** What the tails are built from. */
export interface LogTailsDeps {
  reader: LogReader;
  now?: () => number;
  /** For tests: shorter waits. */
  times?: Partial<LogTailsTimes>;
}

/** What one viewer asks for. */
export interface LogTailRequest {
  logGroup: LogGroupRef;
  /** The group as the application's tasks name it; its name when left out. */
  namedAs?: string;
  /** Narrows the group to streams that start so; at most 100. Viewers with equal prefixes share one session. */
  streamPrefixes?: string[];
  /** Tells whose line it is; give all viewers of an application the same one. */
  streams: SlotStreams;
  slots: "blue" | "green" | "both";
  /** Whose lines the group holds where that is configured; without it the streams tell. */
  side?: SlotColor | null;
  /** How the application names its levels. */
  level?: LevelRule | null;
  /** What of its lines is masked besides what always is. */
  mask?: readonly OwnSecretRule[];
  /** Begins with everything since then (epoch ms); without it, with the last lines of each side. */
  since?: number;
  /** Lines of each side to begin with (default 200). */
  last?: number;
  /** Only lines that contain this text, in either case. */
  filter?: string;
  /** Ends the viewing. */
  signal?: AbortSignal;
}

/** Log lines as they are written, shared among all who watch. */
export interface LogTails {
  /** Starts at once; ends with the signal, with the loop that reads it, or with `stop`. */
  watch(request: LogTailRequest): AsyncGenerator<LogEvent>;
  /** What runs now, for health checks and benches. */
  sessions(): { logGroup: string; mode: LogTailMode; viewers: number }[];
  /** Ends every session and viewer; resolves when nothing runs any more. */
  stop(): Promise<void>;
}

const DEFAULT_LAST = 200;

/** Tails for all viewers of this process: one Live Tail session for each log group (and set of stream prefixes). */
export function createLogTails({ reader, now = Date.now, times: given }: LogTailsDeps): LogTails {
  const times = { ...DEFAULT_TAIL_TIMES, ...given };
  const tails = new Map<string, { tail: GroupTail; done: Promise<void>; linger: NodeJS.Timeout | null }>();
  const sleep = (ms: number, signal: AbortSignal) => delay(ms, signal).catch(() => undefined);

  function join(request: LogTailRequest): { tail: GroupTail; viewer: LogViewer } {
    const prefixes = (request.streamPrefixes ?? []).toSorted();
    const key = JSON.stringify([request.logGroup.arn, ...prefixes]);
    let entry = tails.get(key);
    if (!entry) {
      const tail = new GroupTail(request.logGroup, prefixes, { reader, now, sleep, times });
      entry = { tail, done: tail.run(), linger: null };
      tails.set(key, entry);
    }
    if (entry.linger) clearTimeout(entry.linger);
    entry.linger = null;
    const viewer = new LogViewer(entry.tail.channelOf(request.streams, request), request);
    entry.tail.add(viewer);
    return { tail: entry.tail, viewer };
  }

  function leave(tail: GroupTail, viewer: LogViewer): void {
    viewer.close();
    tail.remove(viewer);
    for (const [key, entry] of tails) {
      if (entry.tail !== tail || tail.viewers.size > 0) continue;
      if (entry.linger) clearTimeout(entry.linger);
      entry.linger = setTimeout(() => {
        tail.stop();
        tails.delete(key);
      }, times.lingerMs);
      entry.linger.unref();
    }
  }

  async function begin(request: LogTailRequest, tail: GroupTail, viewer: LogViewer): Promise<void> {
    // Only what is searched after the tail has started can meet it without a hole.
    await tail.ready;
    if (viewer.isClosed) return;
    if (request.since !== undefined && waitingCharacters() > times.firstCharacters) {
      const now = tail.now();
      viewer.notify(gapEvent(request.since, now, say("logGap.manyReaders")));
      return viewer.begin([], {});
    }
    const found = await findBackfill(tail, viewer, { ...request, last: request.last ?? DEFAULT_LAST });
    if (found.gap) viewer.notify(found.gap);
    viewer.begin(found.lines, found.floor, found.unknown);
  }

  function waitingCharacters(): number {
    let sum = 0;
    for (const { tail } of tails.values()) for (const viewer of tail.viewers) sum += viewer.waitingCharacters;
    return sum;
  }

  return {
    watch(request) {
      const { tail, viewer } = join(request);
      let hasLeft = false;
      const end = (): void => {
        if (hasLeft) return;
        hasLeft = true;
        request.signal?.removeEventListener("abort", end);
        leave(tail, viewer);
      };
      request.signal?.addEventListener("abort", end);
      if (request.signal?.aborted) end();
      else void begin(request, tail, viewer);
      return endingWith(viewer.events(), end);
    },
    sessions: () =>
      [...tails.values()].map(({ tail }) => ({
        logGroup: tail.logGroup.name,
        mode: tail.mode,
        viewers: tail.viewers.size,
      })),
    async stop() {
      const running = [...tails.values()];
      tails.clear();
      for (const { tail, linger } of running) {
        if (linger) clearTimeout(linger);
        for (const viewer of tail.viewers) viewer.close();
        tail.viewers.clear();
        tail.stop();
      }
      await Promise.all(running.map(({ done }) => done));
    },
  };
}

/** A generator that never started runs no `finally`; this one's `return` always calls `end`. */
function endingWith<Event>(events: AsyncGenerator<Event>, end: () => void): AsyncGenerator<Event> {
  const original = events.return.bind(events);
  const wrapped: AsyncGenerator<Event> = {
    next: async () => {
      const next = await events.next();
      if (next.done) end();
      return next;
    },
    return: async (value) => {
      end();
      return original(value);
    },
    throw: async (error) => {
      end();
      return events.throw(error);
    },
    [Symbol.asyncIterator]: () => wrapped,
    [Symbol.asyncDispose]: async () => {
      end();
      await original(undefined);
    },
  };
  return wrapped;
}
