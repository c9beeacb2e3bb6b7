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
import { partitionOf } from "./partition.ts";

/** A log group by name and by the ARN that Live Tail wants. */
export interface LogGroupRef {
  name: string;
  arn: string;
}

/** One event as CloudWatch Logs holds it; the message is untrusted text. Times are epoch ms. */
export interface RawLogLine {
  at: number;
  ingestedAt: number;
  stream: string;
  message: string;
  /** Tells duplicates apart; Live Tail and reads of one stream give none. */
  eventId: string | null;
}

/** What a search looks through. */
export interface LogSearch {
  logGroup: LogGroupRef;
  /** At most 100; not together with a prefix. */
  streams?: readonly string[];
  streamPrefix?: string;
  /** Epoch ms, inclusive. */
  from?: number;
  /** Epoch ms, inclusive. */
  to?: number;
  /** CloudWatch Logs filter pattern. */
  pattern?: string;
  newestFirst?: boolean;
  pageSize?: number;
  priority?: Priority;
  signal?: AbortSignal;
}

interface LiveTailRequest {
  logGroup: LogGroupRef;
  /** At most 100; not together with prefixes. */
  streams?: readonly string[];
  streamPrefixes?: readonly string[];
  pattern?: string;
  signal?: AbortSignal;
}

/** One update of a live tail, about once a second; `sampled` when AWS left lines out (more than 500 a second). */
interface LiveTailUpdate {
  lines: RawLogLine[];
  sampled: boolean;
}

/** An open session. The updates end when it is closed and throw AwsFailure when it breaks or times out (after 3 h). */
export interface LiveTail {
  updates: AsyncIterable<LiveTailUpdate>;
  close(): void;
}

/** CloudWatch Logs in our words. */
export interface LogReader {
  /** Page by page, following tokens; an empty page is normal, because AWS answers after so much has been looked through. */
  filterLines(search: LogSearch): AsyncGenerator<RawLogLine[], void, undefined>;
  /** The last lines of one stream, oldest first; empty when the stream does not exist. */
  lastLines(request: {
    logGroup: LogGroupRef;
    stream: string;
    count: number;
    signal?: AbortSignal;
  }): Promise<RawLogLine[]>;
  /** Resolves once AWS took the session. Abort the signal, call `close` or leave the loop to end it. */
  startLiveTail(request: LiveTailRequest): Promise<LiveTail>;
}

/** The log group's reference; a name that is an ARN already is taken apart. */
export function logGroupRef(region: string, accountId: string, nameOrArn: string): LogGroupRef {
  const inArn = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(nameOrArn);
  if (inArn?.[1]) return { name: inArn[1], arn: nameOrArn.replace(/:\*$/, "") };
  return { name: nameOrArn, arn: `arn:${partitionOf(region)}:logs:${region}:${accountId}:log-group:${nameOrArn}` };
}

/** CloudWatch Logs through the SDK's client. */
export function createLogReader(client: CloudWatchLogsClient, call: Caller): LogReader {
  return {
    async *filterLines(search) {
      const { priority = "logs", signal } = search;
      let nextToken: string | undefined;
      do {
        const token: string | undefined = nextToken;
        const output = await call(
          { service: "logs", operation: "FilterLogEvents", family: "logs-filter", priority, effect: "read", signal },
          (abortSignal) =>
            client.send(
              new FilterLogEventsCommand({
                logGroupName: search.logGroup.name,
                logStreamNames: search.streams ? [...search.streams] : undefined,
                logStreamNamePrefix: search.streamPrefix,
                startTime: search.from,
                endTime: search.to,
                filterPattern: search.pattern || undefined,
                startFromHead: search.newestFirst ? false : undefined,
                limit: search.pageSize,
                nextToken: token,
              }),
              { abortSignal },
            ),
        );
        nextToken = output.nextToken;
        yield (output.events ?? []).map((event) => ({
          at: event.timestamp ?? 0,
          ingestedAt: event.ingestionTime ?? 0,
          stream: event.logStreamName ?? "",
          message: event.message ?? "",
          eventId: event.eventId ?? null,
        }));
      } while (nextToken);
    },

    async lastLines({ logGroup, stream, count, signal }) {
      try {
        const output = await call(
          {
            service: "logs",
            operation: "GetLogEvents",
            family: "logs-get",
            priority: "engine",
            effect: "read",
            signal,
          },
          (abortSignal) =>
            client.send(
              new GetLogEventsCommand({
                logGroupName: logGroup.name,
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
          message: event.message ?? "",
          eventId: null,
        }));
      } catch (error) {
        if (error instanceof AwsFailure && error.kind === "missing") return [];
        throw error;
      }
    },

    async startLiveTail(request) {
      const closing = new AbortController();
      const signal = request.signal ? AbortSignal.any([request.signal, closing.signal]) : closing.signal;
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
              logGroupIdentifiers: [request.logGroup.arn],
              logStreamNames: request.streams ? [...request.streams] : undefined,
              logStreamNamePrefixes: request.streamPrefixes ? [...request.streamPrefixes] : undefined,
              logEventFilterPattern: request.pattern || undefined,
            }),
            { abortSignal: signal },
          ),
      );
      return {
        updates: readUpdates(output.responseStream ?? [], signal, () => closing.abort()),
        close: () => closing.abort(),
      };
    },
  };
}

async function* readUpdates(
  stream: AsyncIterable<StartLiveTailResponseStream> | [],
  signal: AbortSignal,
  close: () => void,
): AsyncGenerator<LiveTailUpdate> {
  try {
    for await (const event of stream) {
      if (event.SessionStreamingException) throw event.SessionStreamingException;
      if (event.SessionTimeoutException) throw event.SessionTimeoutException;
      const update = event.sessionUpdate;
      if (!update) continue;
      yield {
        lines: (update.sessionResults ?? []).map((line) => ({
          at: line.timestamp ?? 0,
          ingestedAt: line.ingestionTime ?? 0,
          stream: line.logStreamName ?? "",
          message: line.message ?? "",
          eventId: null,
        })),
        sampled: update.sessionMetadata?.sampled ?? false,
      };
    }
  } catch (error) {
    if (signal.aborted) return;
    throw toAwsFailure(error, "logs", "StartLiveTail");
  } finally {
    close();
  }
}
