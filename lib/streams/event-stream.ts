/** One event as a browser's EventSource reads it; `bytes` were made by `encodeEvent` before, once for all who get them. */
type StreamEvent = { event: string; id?: string; data: unknown } | { bytes: Uint8Array };

/** What the producer of a stream writes with. */
export interface EventStreamWriter {
  /** False when the client is so far behind that the event was dropped; `caughtUp` tells when to send the whole again. */
  send(event: StreamEvent): boolean;
  /** Resolves once a client that was behind can take events again: true, or false when the stream has ended. */
  drained(): Promise<boolean>;
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
  /** Called once, however the stream ends. */
  onEnd?: (() => void) | undefined;
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
/** What waits for a client that does not read, beside one event and what its connection holds: there may be thousands. */
const BUFFERED_BYTES = 64 * 1024;
const BEHIND_MS = 30_000;
const RETRY_MS = 1000;
const MAY_GO_ON_MS = 1000;
const encoder = new TextEncoder();
/** With no id, so that what a client saw last stays what it was. */
const PING = encoder.encode("event: ping\ndata: {}\n\n");
const RETRY = encoder.encode(`retry: ${RETRY_MS}\n\n`);
/** A process that stops is gone by then, or another one has its place. */
const ELSEWHERE_MS = 3000;
const RETRY_ELSEWHERE = encoder.encode(`retry: ${ELSEWHERE_MS}\n\n`);

/** Next may load this module twice in one process; what is open is the process's all the same. */
const OPEN = Symbol.for("switchyard.event-streams");
const process_ = globalThis as { [OPEN]?: Set<() => void> };
process_[OPEN] ??= new Set();
const open = process_[OPEN];

/** How many event streams are open in this process. */
export function openEventStreams(): number {
  return open.size;
}

/** Ends every event stream of this process with the word that another replica, or the next start, goes on with it. */
export function sendStreamsElsewhere(): void {
  for (const goElsewhere of [...open]) goElsewhere();
}

/** A response that streams events until the client leaves, the producer closes or its life is over. */
export function eventStreamResponse(options: EventStreamOptions): Response {
  return new Response(createEventStream(options), { headers: EVENT_STREAM_HEADERS });
}

/** The stream itself. However it ends, the producer lets go exactly once. */
export function createEventStream(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const { signal, lastEventId = null, pingMs = PING_MS, maxBehindMs = BEHIND_MS } = options;
  const maxLifetimeMs = (options.maxLifetimeMs ?? LIFETIME_MS) * (0.9 + Math.random() * 0.2);
  const idPrefix = Math.random().toString(36).slice(2, 8);
  let sent = 0;
  let dropped = 0;
  let behindSince: number | null = null;
  let waiting: ((goesOn: boolean) => void)[] = [];
  let isEnded = false;
  let letGo: (() => void) | null = null;
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const timers: NodeJS.Timeout[] = [];

  function wake(goesOn: boolean): void {
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve(goesOn);
  }

  /** Cut off, what waits for the client is dropped; else it is still sent. */
  function end(how: "closed" | "cut off" = "closed"): void {
    if (isEnded) return;
    isEnded = true;
    signal.removeEventListener("abort", leave);
    for (const timer of timers) clearTimeout(timer);
    open.delete(goElsewhere);
    try {
      if (how === "cut off") controller?.error(new DOMException("The client takes nothing", "AbortError"));
      else controller?.close();
    } catch {
      // The stream was cancelled: there is nothing left to close.
    }
    try {
      letGo?.();
    } catch (error) {
      options.onError?.(error);
    }
    letGo = null;
    options.onEnd?.();
    wake(false);
  }

  const leave = (): void => end();

  function fail(error: unknown): void {
    if (!isEnded) options.onError?.(error);
    end();
  }

  const nextId = () => `${idPrefix}-${sent + 1}`;

  function write(bytes: Uint8Array): boolean {
    if (isEnded || !controller) return false;
    if ((controller.desiredSize ?? 0) <= 0) {
      behindSince ??= performance.now();
      return false;
    }
    behindSince = null;
    controller.enqueue(bytes);
    return true;
  }

  const writer: EventStreamWriter = {
    send(event) {
      // After one dropped event the later ones make no sense to a client before it has the whole again.
      if (
        dropped === 0 &&
        write("bytes" in event ? event.bytes : encodeEvent(event.event, event.id ?? nextId(), event.data))
      ) {
        sent += 1;
        return true;
      }
      if (!isEnded) dropped += 1;
      return false;
    },
    drained: () => (isEnded ? Promise.resolve(false) : new Promise((resolve) => waiting.push(resolve))),
    close: leave,
  };

  /** Our own pages connect anew at once, after "access" to what they may see by then; any other client finds the stream ended. */
  function renew(event: "renew" | "access" = "renew", data: object = {}): void {
    write(encodeEvent(event, nextId(), data));
    end();
  }

  /** A client that comes back by itself does so when this process is gone: a browser's own gives up at any answer but a stream. */
  function goElsewhere(): void {
    write(RETRY_ELSEWHERE);
    renew("renew", { because: "stopping", retryAfterMs: ELSEWHERE_MS });
  }

  function ping(): void {
    if (!write(PING) && behindSince !== null && performance.now() - behindSince > maxBehindMs) end("cut off");
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
        open.add(goElsewhere);
        if (signal.aborted) return end();
        signal.addEventListener("abort", leave, { once: true });
        timers.push(
          setInterval(ping, pingMs),
          setTimeout(() => renew(), maxLifetimeMs),
        );
        const { mayGoOn } = options;
        if (mayGoOn) timers.push(setInterval(() => look(mayGoOn), MAY_GO_ON_MS));
        for (const timer of timers) timer.unref();
        write(RETRY);
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
        wake(true);
        try {
          options.caughtUp?.(writer, missed);
        } catch (error) {
          fail(error);
        }
      },
      cancel: leave,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: options.maxBufferedBytes ?? BUFFERED_BYTES }),
  );
}

/** An event as it goes over the wire, the same for all who are sent it. */
export function encodeEvent(event: string, id: string, data: unknown): Uint8Array {
  return encoder.encode(`id: ${oneLine(id)}\nevent: ${oneLine(event)}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** JSON has no line breaks of its own, so one data line is enough; names and ids must not bring any either. */
const oneLine = (text: string) => text.replace(/[\r\n\0]/g, " ");
