/** One event as a browser's EventSource reads it. `json` is data that was encoded before, for many viewers at once. */
type StreamEvent = { event: string; id?: string } & ({ data: unknown } | { json: string });

/** What the producer of a stream writes with. */
export interface EventStreamWriter {
  /** False when the client is so far behind that the event was dropped; `caughtUp` tells when to send the whole again. */
  send(event: StreamEvent): boolean;
  /** Ends the stream; the browser connects again by itself. */
  close(): void;
}

/** Whether what is open may stay so: "changed" ends it with a word to our own pages to look anew, "over" without one. */
export type MayGoOn = () => Promise<"yes" | "changed" | "over">;

export interface EventStreamOptions {
  /** Aborts when the client goes away. */
  signal: AbortSignal;
  /** What the client saw last, from its Last-Event-ID header; null on a first connection. */
  lastEventId?: string | null;
  /**
   * Called once; sends the first events and answers how to let go. What it throws, at once or later, ends the stream.
   */
  start(writer: EventStreamWriter, lastEventId: string | null): (() => void) | Promise<() => void>;
  /** The client can take events again after `dropped` of them were left out: send the whole, or say what is missing. */
  caughtUp?(writer: EventStreamWriter, dropped: number): void;
  onError?(error: unknown): void;
  /** Asked every second. No answer ends nothing. */
  mayGoOn?: MayGoOn | undefined;
  pingMs?: number;
  /**
   * Ends a stream after this time, give or take a tenth, with a `renew` event: whoever is there connects anew, and what TCP
   * still takes for alive (it needs a quarter of an hour to notice a machine that is gone) does not pile up.
   */
  maxLifetimeMs?: number;
  maxBufferedBytes?: number;
  /** A client that takes nothing for this long is gone, whatever TCP says. */
  maxBehindMs?: number;
}

/** Proxies must neither compress nor hold back an event stream. */
const EVENT_STREAM_HEADERS: Readonly<Record<string, string>> = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-cache, no-transform",
  "X-Accel-Buffering": "no",
  "X-Content-Type-Options": "nosniff",
};

const PING_MS = 15_000;
const LIFETIME_MS = 10 * 60_000;
const BUFFERED_BYTES = 512 * 1024;
const BEHIND_MS = 60_000;
const RETRY_MS = 1000;
const MAY_GO_ON_MS = 1000;

/** Next may load this module twice in one process; the count is the process's all the same. */
const COUNT = Symbol.for("switchyard.event-streams");
const counter = globalThis as { [COUNT]?: { open: number } };
counter[COUNT] ??= { open: 0 };

/** How many event streams are open in this process. */
export function openEventStreams(): number {
  return counter[COUNT]?.open ?? 0;
}

/** A response that streams events until the client leaves, the producer closes or its life is over. */
export function eventStreamResponse(options: EventStreamOptions): Response {
  return new Response(createEventStream(options), { headers: EVENT_STREAM_HEADERS });
}

/** The stream itself. However it ends, the producer lets go exactly once. */
export function createEventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { signal, lastEventId = null, pingMs = PING_MS, maxBehindMs = BEHIND_MS } = options;
  const maxLifetimeMs = (options.maxLifetimeMs ?? LIFETIME_MS) * (0.9 + Math.random() * 0.2);
  const encoder = new TextEncoder();
  const idPrefix = Math.random().toString(36).slice(2, 8);
  let sent = 0;
  let dropped = 0;
  let behindSince: number | null = null;
  let isEnded = false;
  let letGo: (() => void) | null = null;
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const timers: NodeJS.Timeout[] = [];

  function end(): void {
    if (isEnded) return;
    isEnded = true;
    signal.removeEventListener("abort", end);
    for (const timer of timers) clearTimeout(timer);
    if (counter[COUNT]) counter[COUNT].open -= 1;
    try {
      controller?.close();
    } catch {
      // The stream was cancelled: there is nothing left to close.
    }
    try {
      letGo?.();
    } catch (error) {
      options.onError?.(error);
    }
    letGo = null;
  }

  function fail(error: unknown): void {
    if (!isEnded) options.onError?.(error);
    end();
  }

  function write(text: string): boolean {
    if (isEnded || !controller) return false;
    if ((controller.desiredSize ?? 0) <= 0) {
      behindSince ??= performance.now();
      return false;
    }
    behindSince = null;
    controller.enqueue(encoder.encode(text));
    return true;
  }

  const writer: EventStreamWriter = {
    send(event) {
      // After one dropped event the later ones make no sense to a client before it has the whole again.
      if (dropped === 0 && write(frame(event, event.id ?? `${idPrefix}-${sent + 1}`))) {
        sent += 1;
        return true;
      }
      if (!isEnded) dropped += 1;
      return false;
    },
    close: end,
  };

  /** Our own pages connect anew at once, after "access" to what they may see by then; any other client finds the stream ended. */
  function renew(event: "renew" | "access" = "renew"): void {
    write(frame({ event, data: {} }, `${idPrefix}-${sent + 1}`));
    end();
  }

  function ping(): void {
    if (!write(": ping\n\n") && behindSince !== null && performance.now() - behindSince > maxBehindMs) end();
  }

  function look(mayGoOn: MayGoOn): void {
    mayGoOn().then(
      (may) => {
        if (may === "over") end();
        if (may === "changed") renew("access");
      },
      (error: unknown) => options.onError?.(error),
    );
  }

  return new ReadableStream<Uint8Array>(
    {
      async start(streamController) {
        controller = streamController;
        if (counter[COUNT]) counter[COUNT].open += 1;
        if (signal.aborted) return end();
        signal.addEventListener("abort", end, { once: true });
        timers.push(
          setInterval(ping, pingMs),
          setTimeout(() => renew(), maxLifetimeMs),
        );
        const { mayGoOn } = options;
        if (mayGoOn) timers.push(setInterval(() => look(mayGoOn), MAY_GO_ON_MS));
        for (const timer of timers) timer.unref();
        write(`retry: ${RETRY_MS}\n\n`);
        try {
          const release = await options.start(writer, lastEventId);
          // It may have ended while the producer was getting ready.
          if (isEnded) release();
          else letGo = release;
        } catch (error) {
          fail(error);
        }
      },
      pull() {
        if (dropped === 0 || isEnded) return;
        const missed = dropped;
        dropped = 0;
        behindSince = null;
        try {
          options.caughtUp?.(writer, missed);
        } catch (error) {
          fail(error);
        }
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: options.maxBufferedBytes ?? BUFFERED_BYTES }),
  );
}

/** JSON has no line breaks of its own, so one data line is enough; names and ids must not bring any either. */
function frame(event: StreamEvent, id: string): string {
  const oneLine = (text: string) => text.replace(/[\r\n\0]/g, " ");
  const json = "json" in event ? oneLine(event.json) : JSON.stringify(event.data);
  return `id: ${oneLine(id)}\nevent: ${oneLine(event.event)}\ndata: ${json}\n\n`;
}
