import type { LogSink, SandboxBase, SimulatedService } from "../service.ts";
import { delayed, type LogDelay } from "./awslogs-delivery.ts";
import { eventOperations } from "./event-operations.ts";
import { groupOperations } from "./group-operations.ts";
import { countIncoming, type IncomingLogs } from "./incoming-bytes.ts";
import { insightsOperations } from "./insights.ts";
import { type GeneratedLines, generateLines } from "./line-generator.ts";
import { createLiveTails } from "./live-tail.ts";
import { LogStore } from "./log-store.ts";
import { searchOperation } from "./search-operation.ts";

const MAX_MESSAGE_BYTES = 1_024 * 1_024 - 26;

/** Bounds and quotas; each default is AWS's, or keeps a day's use of the sandbox small. */
export interface LogsOptions {
  eventsPerStream?: number;
  bytesPerStream?: number;
  /** Events one FilterLogEvents call examines before it answers, possibly with an empty page. */
  examinedPerPage?: number;
  /** Every n-th new FilterLogEvents search answers with an empty page and a token first; 0 never. */
  emptyPageEvery?: number;
  maxLiveTailSessions?: number;
  /** How long lines of containers are on their way; none unless asked for, so that only tests of it wait. */
  delay?: LogDelay;
}

/** CloudWatch Logs in memory. */
export interface SimulatedLogs {
  service: SimulatedService;
  /** Where containers write; never refuses. */
  sink: LogSink;
  /** What CloudWatch publishes as AWS/Logs. */
  incoming: IncomingLogs;
  controls: {
    /** Writes numbered lines at a rate, in batches driven by the clock. */
    generate(lines: GeneratedLines): void;
    liveTailSessions(): number;
    /** From now on CloudWatch Logs may not use the key, as after its policy was changed, or may again. */
    refuseKey(kmsKeyId: string, isRefused: boolean): void;
  };
  /** Forgets every group and ends every Live Tail session. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Builds the service named "logs". */
export function createLogs(base: SandboxBase, options: LogsOptions = {}): SimulatedLogs {
  const store = new LogStore(base, {
    eventsPerStream: options.eventsPerStream ?? 50_000,
    bytesPerStream: options.bytesPerStream ?? 16 * 1024 * 1024,
  });
  const liveTails = createLiveTails(base, store, options.maxLiveTailSessions ?? 15);
  const generators = new Set<() => void>();

  const ingest: LogSink = {
    write(logGroup, logStream, events) {
      const group = store.groups.get(logGroup) ?? store.createGroup(logGroup);
      const stream = group.streams.get(logStream) ?? store.createStream(group, logStream);
      // The awslogs driver leaves empty lines out: PutLogEvents refuses them.
      const kept = events.filter(({ message }) => message !== "");
      store.append(group, stream, kept.map(fitMessage));
    },
  };

  const held = options.delay ? delayed(base, ingest, options.delay) : null;
  const sink = held ?? ingest;

  const reset = async () => {
    held?.drop();
    for (const stop of generators) stop();
    generators.clear();
    liveTails.endAll();
    store.clear();
    store.refusedKeys.clear();
  };

  return {
    service: {
      name: "logs",
      operations: {
        ...groupOperations(base, store),
        ...eventOperations(base, store),
        ...searchOperation(store, {
          examinedPerPage: options.examinedPerPage ?? 10_000,
          emptyPageEvery: options.emptyPageEvery ?? 0,
        }),
        ...insightsOperations(base, store),
        ...liveTails.operations,
      },
    },
    sink,
    incoming: countIncoming(base.clock, store),
    controls: {
      generate: (lines) => void generators.add(generateLines(base, sink, lines)),
      liveTailSessions: liveTails.count,
      refuseKey(kmsKeyId, isRefused) {
        if (isRefused) store.refusedKeys.add(kmsKeyId);
        else store.refusedKeys.delete(kmsKeyId);
      },
    },
    reset,
    close: reset,
  };
}

function fitMessage<Event extends { message: string }>(event: Event): Event {
  if (Buffer.byteLength(event.message) <= MAX_MESSAGE_BYTES) return event;
  // The driver cuts at a byte; what is left of a character that was cut becomes U+FFFD, as in its own lines.
  return { ...event, message: Buffer.from(event.message).subarray(0, MAX_MESSAGE_BYTES).toString() };
}
