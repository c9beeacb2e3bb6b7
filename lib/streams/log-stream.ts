import { logGroupRef } from "../aws/logs.ts";
import type { Application } from "../domain/application/application.ts";
import type { LogSource } from "../domain/log/log-settings.ts";
import { ownSecretRules } from "../domain/log/own-secrets.ts";
import type { LogEvent } from "../domain/observation/log-line.ts";
import { streamsOfApplication, type TaskObserver } from "../logs/application-streams.ts";
import type { LogTails } from "../logs/log-tails.ts";
import { encodeEvent, eventStreamResponse, type MayGoOn } from "./event-stream.ts";
import { createStatusOfAll } from "./status-of-all.ts";

/** What of an application's log is wanted. */
export interface LogStreamRequest {
  application: Application;
  slots: "blue" | "green" | "both";
  /** Epoch ms; without it the last lines of each side come first. */
  since?: number;
  filter?: string;
  signal: AbortSignal;
  mayGoOn?: MayGoOn | undefined;
  onEnd?: (() => void) | undefined;
  maxLifetimeMs?: number | undefined;
}

/** What a stream of log lines leans on. */
export interface LogStreamDeps {
  logTails: Pick<LogTails, "watch">;
  observer: TaskObserver;
  onError?: (error: unknown) => void;
}

/** Viewers who are abreast get the same events; each is encoded once for all of them. */
const encodings = new WeakMap<LogEvent, Uint8Array>();
let encoded = 0;

/** A response that streams the lines of one or both sides as they are written, from one log group or several. */
export function logStreamResponse(
  sources: readonly LogSource[],
  request: LogStreamRequest,
  deps: LogStreamDeps,
): Response {
  const { application } = request;
  return eventStreamResponse({
    signal: request.signal,
    onError: deps.onError,
    mayGoOn: request.mayGoOn,
    onEnd: request.onEnd,
    ...(request.maxLifetimeMs === undefined ? {} : { maxLifetimeMs: request.maxLifetimeMs }),
    start(writer) {
      const left = new AbortController();
      const statusOfAll = createStatusOfAll(sources.map(({ group }) => group));
      const watch = ({ group, side }: LogSource) =>
        deps.logTails.watch({
          logGroup: logGroupRef(application.region, application.accountId, group),
          namedAs: group,
          streams: streamsOfApplication(deps.observer, application.name),
          slots: request.slots,
          side,
          level: application.logs?.level ?? null,
          mask: ownSecretRules(application.logs),
          streamPrefixes: [...(application.logs?.streamPrefixes ?? [])],
          ...(request.since === undefined ? {} : { since: request.since }),
          ...(request.filter ? { filter: request.filter } : {}),
          signal: left.signal,
        });
      const pump = async (source: LogSource) => {
        for await (const event of watch(source)) {
          const told = event.type === "status" ? statusOfAll(source.group, event) : event;
          if (!told) continue;
          const bytes = encode(told);
          // A slow client holds one event; the rest stays in the journal, out of which it may fall and is told so.
          while (!writer.send({ bytes })) if (!(await writer.drained())) return;
        }
      };
      Promise.all(sources.map(pump))
        .catch((error: unknown) => {
          if (!left.signal.aborted) deps.onError?.(error);
        })
        .finally(() => writer.close());
      return () => left.abort();
    },
  });
}

function encode(event: LogEvent): Uint8Array {
  const known = encodings.get(event);
  if (known) return known;
  const bytes = encodeEvent(event.type, `l-${++encoded}`, event.type === "line" ? event.lines : event);
  encodings.set(event, bytes);
  return bytes;
}
