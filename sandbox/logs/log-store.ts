import type { LogGroupClass } from "@aws-sdk/client-cloudwatch-logs";
import type { Place, SandboxBase } from "../service.ts";

/** One ingested event. Order everywhere is (timestamp, sequence). */
export interface StoredEvent {
  stream: string;
  timestamp: number;
  ingestionTime: number;
  message: string;
  /** UTF-8 bytes of the message. */
  bytes: number;
  sequence: number;
  /** Set when the ring or a deletion dropped it; group order forgets it lazily. */
  isGone: boolean;
}

/** A position between two events; an event is after it when its (timestamp, sequence) is greater. */
export type Position = Pick<StoredEvent, "timestamp" | "sequence">;

export interface LogStream {
  name: string;
  createdAt: number;
  events: EventRing;
  lastIngestionTime: number | undefined;
}

export interface LogGroup {
  name: string;
  createdAt: number;
  retentionInDays: number | undefined;
  /** CloudWatch Logs' class: "STANDARD", "INFREQUENT_ACCESS" or "DELIVERY". */
  logGroupClass: LogGroupClass;
  kmsKeyId?: string;
  tags: Record<string, string>;
  streams: Map<string, LogStream>;
  /** Every stream's events in one order, for searches across streams. */
  events: EventRing;
  /** Events in `events` that are gone and wait to be swept. */
  goneCount: number;
}

/** Told of every batch right after it was stored. */
export type IngestListener = (group: LogGroup, events: readonly StoredEvent[]) => void;

const isBefore = (a: Position, b: Position) =>
  a.timestamp < b.timestamp || (a.timestamp === b.timestamp && a.sequence < b.sequence);

/** Events in order; appending at the end and dropping from the front are cheap. */
export class EventRing {
  #events: StoredEvent[] = [];
  #start = 0;
  bytes = 0;

  get size(): number {
    return this.#events.length - this.#start;
  }

  at(index: number): StoredEvent | undefined {
    return this.#events[this.#start + index];
  }

  insert(event: StoredEvent): void {
    let index = this.#events.length;
    for (let last = this.#events[index - 1]; index > this.#start && last && isBefore(event, last); ) {
      index--;
      last = this.#events[index - 1];
    }
    if (index === this.#events.length) this.#events.push(event);
    else this.#events.splice(index, 0, event);
    this.bytes += event.bytes;
  }

  shift(): StoredEvent | undefined {
    const event = this.#events[this.#start];
    if (!event) return undefined;
    this.#start++;
    this.bytes -= event.bytes;
    if (this.#start > 1024 && this.#start * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#start);
      this.#start = 0;
    }
    return event;
  }

  /** Forgets events marked as gone. */
  sweep(): void {
    this.#events = this.#events.filter((event, index) => index >= this.#start && !event.isGone);
    this.#start = 0;
    this.bytes = this.#events.reduce((sum, event) => sum + event.bytes, 0);
  }

  /** Index of the first event after `position`. */
  indexAfter(position: Position): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      const event = this.at(middle);
      if (event && isBefore(position, event)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Index of the first event at `timestamp` or later. */
  indexFrom(timestamp: number): number {
    return this.indexAfter({ timestamp, sequence: -1 });
  }
}

/** Bounds of what a stream keeps; the oldest events go first. */
export interface LogLimits {
  eventsPerStream: number;
  bytesPerStream: number;
}

/** Log groups and streams in memory, with everybody who wants to hear of new events. */
export class LogStore {
  readonly groups = new Map<string, LogGroup>();
  /** KMS keys that CloudWatch Logs may not use any more. */
  readonly refusedKeys = new Set<string>();
  readonly #listeners = new Set<IngestListener>();
  readonly #base: SandboxBase;
  readonly #limits: LogLimits;
  #sequence = 0;

  constructor(base: SandboxBase, limits: LogLimits) {
    this.#base = base;
    this.#limits = limits;
  }

  /** Where the groups are. */
  get place(): Place {
    return this.#base.place;
  }

  /** Calls `listener` with every batch from now on; the returned function ends it. */
  subscribe(listener: IngestListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  createGroup(name: string, tags: Record<string, string> = {}): LogGroup {
    const group: LogGroup = {
      name,
      createdAt: this.#base.clock.now(),
      retentionInDays: undefined,
      logGroupClass: "STANDARD",
      tags,
      streams: new Map(),
      events: new EventRing(),
      goneCount: 0,
    };
    this.groups.set(name, group);
    return group;
  }

  createStream(group: LogGroup, name: string): LogStream {
    const stream: LogStream = {
      name,
      createdAt: this.#base.clock.now(),
      events: new EventRing(),
      lastIngestionTime: undefined,
    };
    group.streams.set(name, stream);
    return stream;
  }

  deleteStream(group: LogGroup, stream: LogStream): void {
    for (let event = stream.events.shift(); event; event = stream.events.shift()) event.isGone = true;
    group.streams.delete(stream.name);
    this.#sweep(group);
  }

  append(group: LogGroup, stream: LogStream, events: readonly { timestamp: number; message: string }[]): void {
    if (events.length === 0) return;
    const ingestionTime = this.#base.clock.now();
    const stored = events.map(({ timestamp, message }): StoredEvent => {
      const bytes = Buffer.byteLength(message);
      const sequence = ++this.#sequence;
      return { stream: stream.name, timestamp, ingestionTime, message, bytes, sequence, isGone: false };
    });
    for (const event of stored) {
      stream.events.insert(event);
      group.events.insert(event);
    }
    stream.lastIngestionTime = ingestionTime;
    this.#trim(group, stream);
    for (const listener of this.#listeners) listener(group, stored);
  }

  clear(): void {
    this.groups.clear();
  }

  #trim(group: LogGroup, stream: LogStream): void {
    while (stream.events.size > this.#limits.eventsPerStream || stream.events.bytes > this.#limits.bytesPerStream) {
      const dropped = stream.events.shift();
      if (!dropped) break;
      dropped.isGone = true;
      group.goneCount++;
    }
    for (; group.events.at(0)?.isGone; group.goneCount--) group.events.shift();
    if (group.goneCount > 1000 && group.goneCount * 2 > group.events.size) this.#sweep(group);
  }

  #sweep(group: LogGroup): void {
    group.events.sweep();
    group.goneCount = 0;
  }
}
