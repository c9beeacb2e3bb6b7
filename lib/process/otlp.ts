import type { OtlpSettings } from "../config/traces-config.ts";
import { log } from "../log.ts";
import type { Span } from "../trace.ts";
import { setSpanSink } from "../trace.ts";

const KINDS = { internal: 1, server: 2, client: 3 } as const;
const FLUSH_MS = 5_000;
const MOST_IN_ONE = 256;
/** While the endpoint is away the oldest are dropped beyond this. */
const MOST_WAITING = 2_048;
const ANSWER_WITHIN_MS = 5_000;

/** Sends spans in batches, and never holds up what they are about. */
export interface OtlpExporter {
  flush(): Promise<void>;
  /** Sends what is left and stops. */
  stop(): Promise<void>;
}

/** Sends every span from now on to the endpoint, as OTLP over HTTP in JSON. One line of the log when it goes away and one when it is back. */
export function startOtlpExporter(settings: OtlpSettings, post: typeof fetch = fetch): OtlpExporter {
  let waiting: Span[] = [];
  let sending: Promise<void> = Promise.resolve();
  let isAway = false;
  const send = async () => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_IN_ONE);
      const problem = await sendOnce(settings, batch, post);
      if (problem !== null) {
        if (!isAway)
          log.warn("Traces cannot be sent; the newest are kept", { problem, endpoint: new URL(settings.url).origin });
        isAway = true;
        return;
      }
      if (isAway) log.info("Traces are sent again", {});
      isAway = false;
      const sent = new Set(batch);
      waiting = waiting.filter((each) => !sent.has(each));
    }
  };
  const flush = () => {
    sending = sending.then(send);
    return sending;
  };
  setSpanSink((span) => {
    waiting.push(span);
    if (waiting.length > MOST_WAITING) waiting = waiting.slice(-MOST_WAITING);
    if (waiting.length === MOST_IN_ONE) void flush();
  });
  const timer = setInterval(() => void flush(), FLUSH_MS);
  timer.unref();
  return {
    flush,
    async stop() {
      clearInterval(timer);
      setSpanSink(null);
      await flush();
    },
  };
}

/** Why it did not arrive; null when it did, or will never be taken. */
async function sendOnce(settings: OtlpSettings, spans: readonly Span[], post: typeof fetch): Promise<string | null> {
  try {
    const response = await post(settings.url, {
      method: "POST",
      headers: { "content-type": "application/json", ...settings.headers },
      body: JSON.stringify(toOtlp(settings.resource, spans)),
      redirect: "error",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await response.body?.cancel();
    return response.ok ? null : `it answered ${response.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** OTLP's JSON: ids in hexadecimal, times as strings of nanoseconds. */
export function toOtlp(resource: Readonly<Record<string, string>>, spans: readonly Span[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [{ scope: { name: "switchyard" }, spans: spans.map(spanOf) }],
      },
    ],
  };
}

function spanOf({ traceId, spanId, parentId, name, kind, startedAt, endedAt, attributes, error }: Span): object {
  return {
    traceId,
    spanId,
    ...(parentId === null ? {} : { parentSpanId: parentId }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: nanoseconds(startedAt),
    endTimeUnixNano: nanoseconds(endedAt),
    attributes: attributesOf(attributes),
    status: error === null ? {} : { code: 2, message: error },
  };
}

function nanoseconds(ms: number): string {
  return `${Math.round(ms)}000000`;
}

function attributesOf(attributes: Readonly<Record<string, string | number | boolean>>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === "string"
        ? { stringValue: value }
        : typeof value === "boolean"
          ? { boolValue: value }
          : { doubleValue: value },
  }));
}
