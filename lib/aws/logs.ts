import {
  type CloudWatchLogsClient,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  StartLiveTailCommand,
  type StartLiveTailResponseStream,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { AwsFailure, toAwsFailure } from "./errors.ts";

/** One log event; its text is untrusted. Times are epoch ms. */
export interface LogEvent {
  at: number;
  ingestedAt: number;
  stream: string;
  text: string;
  /** For telling duplicates apart; Live Tail gives none. */
  id: string | null;
}

/** What a search looks through. */
export interface FilterRequest {
  logGroup: string;
  /** At most 100; not together with a prefix. */
  streams?: readonly string[];
  streamPrefix?: string;
  /** Epoch ms, inclusive. */
  from?: number;
  /** Epoch ms, exclusive. */
  to?: number;
  /** CloudWatch Logs filter pattern. */
  pattern?: string;
  limit?: number;
  cursor?: string;
}

export interface LiveTailRequest {
  logGroup: string;
  /** At most 100; not together with prefixes. */
  streams?: readonly string[];
  streamPrefixes?: readonly string[];
  pattern?: string;
}

/** One update of a live tail, about once a second; `isSampled` when AWS left events out (more than 500 a second). */
export interface LiveTailUpdate {
  events: LogEvent[];
  isSampled: boolean;
}

/** CloudWatch Logs in our words. */
export interface Logs {
  /** One page, oldest first; an empty page with a cursor is normal. `cursor` is null on the last one. */
  filterLines(
    request: FilterRequest,
    options?: { priority?: Priority; signal?: AbortSignal },
  ): Promise<{ events: LogEvent[]; cursor: string | null }>;
  /** The last lines of one stream, oldest first; empty when the stream does not exist. */
  lastLines(
    request: { logGroup: string; stream: string; count: number },
    options?: { priority?: Priority; signal?: AbortSignal },
  ): Promise<LogEvent[]>;
  /**
   * Opens a session and resolves once AWS took it; the updates end when the session does (after 3 h at the latest) and throw
   * AwsFailure when it breaks. Abort the signal, or leave the loop, to close it.
   */
  startLiveTail(request: LiveTailRequest, signal: AbortSignal): Promise<AsyncIterable<LiveTailUpdate>>;
}

/** CloudWatch Logs through the SDK's client. `getAccountId` is for the ARNs that Live Tail wants. */
export function createLogs(
  client: CloudWatchLogsClient,
  call: Caller,
  region: string,
  getAccountId: (priority: Priority) => Promise<string>,
): Logs {
  return {
    async filterLines(request, { priority = "logs", signal } = {}) {
      const output = await call(
        { service: "logs", operation: "FilterLogEvents", family: "logs-filter", priority, effect: "read", signal },
        (abortSignal) =>
          client.send(
            new FilterLogEventsCommand({
              logGroupName: request.logGroup,
              logStreamNames: request.streams ? [...request.streams] : undefined,
              logStreamNamePrefix: request.streamPrefix,
              startTime: request.from,
              // The API's end is inclusive.
              endTime: request.to === undefined ? undefined : request.to - 1,
              filterPattern: request.pattern || undefined,
              limit: request.limit,
              nextToken: request.cursor,
            }),
            { abortSignal },
          ),
      );
      return {
        events: (output.events ?? []).map((event) => ({
          at: event.timestamp ?? 0,
          ingestedAt: event.ingestionTime ?? 0,
          stream: event.logStreamName ?? "",
          text: event.message ?? "",
          id: event.eventId ?? null,
        })),
        cursor: output.nextToken ?? null,
      };
    },

    async lastLines({ logGroup, stream, count }, { priority = "logs", signal } = {}) {
      try {
        const output = await call(
          { service: "logs", operation: "GetLogEvents", family: "logs-get", priority, effect: "read", signal },
          (abortSignal) =>
            client.send(
              new GetLogEventsCommand({
                logGroupName: logGroup,
                logStreamName: stream,
                limit: count,
                startFromHead: false,
              }),
              { abortSignal },
            ),
        );
        return (output.events ?? []).map((event) => ({
          at: event.timestamp ?? 0,
          ingestedAt: event.ingestionTime ?? 0,
          stream,
          text: event.message ?? "",
          id: null,
        }));
      } catch (error) {
        if (error instanceof AwsFailure && error.kind === "missing") return [];
        throw error;
      }
    },

    async startLiveTail(request, signal) {
      const accountId = request.logGroup.startsWith("arn:") ? "" : await getAccountId("logs");
      const output = await call(
        {
          service: "logs",
          operation: "StartLiveTail",
          family: "logs-live-tail",
          priority: "logs",
          effect: "write",
          signal,
        },
        // The caller's deadline is for an answer; a session is meant to last.
        () =>
          client.send(
            new StartLiveTailCommand({
              logGroupIdentifiers: [logGroupArn(request.logGroup, region, accountId)],
              logStreamNames: request.streams ? [...request.streams] : undefined,
              logStreamNamePrefixes: request.streamPrefixes ? [...request.streamPrefixes] : undefined,
              logEventFilterPattern: request.pattern || undefined,
            }),
            { abortSignal: signal },
          ),
      );
      return readUpdates(output.responseStream ?? [], signal);
    },
  };
}

async function* readUpdates(
  stream: AsyncIterable<StartLiveTailResponseStream> | [],
  signal: AbortSignal,
): AsyncGenerator<LiveTailUpdate> {
  try {
    for await (const event of stream) {
      if (event.SessionStreamingException) throw event.SessionStreamingException;
      if (event.SessionTimeoutException) return;
      const update = event.sessionUpdate;
      if (!update) continue;
      yield {
        events: (update.sessionResults ?? []).map((line) => ({
          at: line.timestamp ?? 0,
          ingestedAt: line.ingestionTime ?? 0,
          stream: line.logStreamName ?? "",
          text: line.message ?? "",
          id: null,
        })),
        isSampled: update.sessionMetadata?.sampled ?? false,
      };
    }
  } catch (error) {
    if (signal.aborted) return;
    throw toAwsFailure(error, "logs", "StartLiveTail");
  }
}

function logGroupArn(logGroup: string, region: string, accountId: string): string {
  return logGroup.startsWith("arn:") ? logGroup : `arn:aws:logs:${region}:${accountId}:log-group:${logGroup}`;
}
