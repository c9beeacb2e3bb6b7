import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

/** Where a span belongs, as W3C's trace context names it. */
interface SpanContext {
  traceId: string;
  spanId: string;
}

type Attributes = Record<string, string | number | boolean>;

/** One thing that was done, when it is over. Times are epoch ms. */
export interface Span extends SpanContext {
  parentId: string | null;
  name: string;
  kind: "internal" | "server" | "client";
  startedAt: number;
  endedAt: number;
  attributes: Attributes;
  /** Null where it went well. */
  error: string | null;
}

/** What a span is about; its work may add attributes and say what failed without being thrown. */
export interface SpanNotes {
  attributes: Attributes;
  error: string | null;
}

/** A context while its work goes on: what that set going, such as a timer, goes on without it. */
interface OpenContext extends SpanContext {
  isOpen: boolean;
}

interface Tracing {
  /** Null until an endpoint is set: then no span is made and nothing is kept. */
  sink: ((span: Span) => void) | null;
  current: AsyncLocalStorage<OpenContext>;
  /** The click that a deployment's steps belong to, the newest last. */
  clicks: Map<string, SpanContext>;
}

const MOST_CLICKS = 500;
/** Next may load this module twice in one process; the trace is the same for both. */
const TRACING = Symbol.for("switchyard.tracing");
const process_ = globalThis as { [TRACING]?: Tracing };
process_[TRACING] ??= { sink: null, current: new AsyncLocalStorage(), clicks: new Map() };
const tracing = process_[TRACING];

/** Gives every span that ends to `sink` from now on; null stops. */
export function setSpanSink(sink: Tracing["sink"]): void {
  tracing.sink = sink;
  if (sink === null) tracing.clicks.clear();
}

/** Begins a trace, or goes on with the caller's where `traceparent` names one. Without an endpoint just the work. */
export function traceOf<T>(
  name: string,
  traceparent: string | null,
  work: (notes: SpanNotes) => Promise<T>,
): Promise<T> {
  return makeSpan({ name, kind: "server", parent: here() ?? parseTraceparent(traceparent) }, work);
}

/** A part of the trace that goes on here; outside of one just the work. */
export function span<T>(name: string, kind: Span["kind"], work: (notes: SpanNotes) => Promise<T>): Promise<T> {
  const parent = here();
  return parent ? makeSpan({ name, kind, parent }, work) : work({ attributes: {}, error: null });
}

/** What the engine does for a deployment: part of the click that asked for it, else a trace of its own. */
export function spanOfDeployment<T>(id: string, name: string, work: (notes: SpanNotes) => Promise<T>): Promise<T> {
  return makeSpan({ name, kind: "internal", parent: tracing.clicks.get(id) ?? here() }, (notes) => {
    notes.attributes["switchyard.deployment.id"] = id;
    return work(notes);
  });
}

/** What is done for the deployment from here on belongs to the trace that goes on here. */
export function bindDeployment(id: string): void {
  const context = here();
  if (!context) return;
  tracing.clicks.delete(id);
  tracing.clicks.set(id, context);
  const [oldest] = tracing.clicks.keys();
  if (tracing.clicks.size > MOST_CLICKS && oldest !== undefined) tracing.clicks.delete(oldest);
}

function here(): SpanContext | null {
  const context = tracing.current.getStore();
  return context?.isOpen ? context : null;
}

async function makeSpan<T>(
  { name, kind, parent }: { name: string; kind: Span["kind"]; parent: SpanContext | null },
  work: (notes: SpanNotes) => Promise<T>,
): Promise<T> {
  const notes: SpanNotes = { attributes: {}, error: null };
  if (tracing.sink === null) return work(notes);
  const ids = { traceId: parent?.traceId ?? hex(16), spanId: hex(8) };
  const context = { ...ids, isOpen: true };
  const startedAt = Date.now();
  try {
    return await tracing.current.run(context, () => work(notes));
  } catch (error) {
    notes.error ??= error instanceof Error ? error.name : "failed";
    throw error;
  } finally {
    context.isOpen = false;
    tracing.sink?.({ ...ids, parentId: parent?.spanId ?? null, name, kind, startedAt, endedAt: Date.now(), ...notes });
  }
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

/** `00-<trace>-<span>-<flags>`; anything else, and one of zeros, is none. */
function parseTraceparent(text: string | null): SpanContext | null {
  const [, traceId, spanId] = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/.exec(text ?? "") ?? [];
  if (!traceId || !spanId || /^0+$/.test(traceId) || /^0+$/.test(spanId) || text?.startsWith("ff")) return null;
  return { traceId, spanId };
}
