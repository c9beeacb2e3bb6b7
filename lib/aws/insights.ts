import { setTimeout as sleep } from "node:timers/promises";
import {
  type CloudWatchLogsClient,
  GetQueryResultsCommand,
  type GetQueryResultsResponse,
  StartQueryCommand,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import type { Caller } from "./caller.ts";
import type { LogGroupRef, RawLogLine } from "./logs.ts";

/** What Logs Insights looks through. Times are epoch ms and inclusive, as whole seconds. */
export interface InsightsSearch {
  /** Of one account and Region, and of one log class: AWS refuses others. */
  logGroups: readonly LogGroupRef[];
  from: number;
  to: number;
  /** What a message has to contain, in any case. */
  text: string;
  streamPrefix: string | null;
  /** Lines at most, the newest. */
  limit: number;
  /** Ends it, and the query at AWS with it. */
  signal: AbortSignal;
}

/** What a search found, the newest first; each line with the name of its group. */
interface InsightsFound {
  lines: (RawLogLine & { group: string })[];
  scannedBytes: number;
  /** Lines that match in all. */
  matched: number;
  /** Whether all of the span was looked through; AWS gives up after an hour, and says why of nothing. */
  isComplete: boolean;
}

/** CloudWatch Logs Insights in our words. AWS bills every byte that a query scans. */
export interface LogInsights {
  /** Resolves once the query has ended; one whose signal aborts is stopped at AWS, too. @throws AwsFailure */
  search(request: InsightsSearch): Promise<InsightsFound>;
  /** Ends every search, and resolves once AWS was told: a query that nobody stops runs, and is billed, for an hour. */
  stop(): Promise<void>;
}

const POLL_MS = 500;

/** Logs Insights through the SDK's client. */
export function createLogInsights(client: CloudWatchLogsClient, call: Caller, pollMs = POLL_MS): LogInsights {
  const about = (operation: string, effect: "read" | "write", signal?: AbortSignal) =>
    ({ service: "logs", operation, family: "logs-insights", priority: "question", effect, signal }) as const;

  const stopping = new AbortController();
  const searches = new Set<Promise<unknown>>();
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    const over: Promise<unknown> = work.then(
      () => searches.delete(over),
      () => searches.delete(over),
    );
    searches.add(over);
    return work;
  };

  /** Whoever searched does not wait for it. A query that has ended meanwhile is no failure. */
  function end(queryId: string): void {
    const told = call(about("StopQuery", "read"), (abortSignal) =>
      client.send(new StopQueryCommand({ queryId }), { abortSignal }),
    );
    tracked(told).catch(() => undefined);
  }

  async function search(request: InsightsSearch): Promise<InsightsFound> {
    const signal = AbortSignal.any([request.signal, stopping.signal]);
    signal.throwIfAborted();
    // Not cut off by the signal: a query whose id never came could not be stopped.
    const { queryId = "" } = await call(about("StartQuery", "write"), (abortSignal) =>
      client.send(
        new StartQueryCommand({
          logGroupIdentifiers: request.logGroups.map(({ arn }) => arn),
          startTime: Math.floor(request.from / 1000),
          endTime: Math.ceil(request.to / 1000),
          queryString: queryOf(request),
          limit: request.limit,
        }),
        { abortSignal },
      ),
    );
    let isOver = false;
    try {
      for (;;) {
        signal.throwIfAborted();
        const output = await call(about("GetQueryResults", "read", signal), (abortSignal) =>
          client.send(new GetQueryResultsCommand({ queryId }), { abortSignal }),
        );
        isOver = output.status !== "Scheduled" && output.status !== "Running" && output.status !== "Unknown";
        if (isOver) return foundIn(output);
        await sleep(pollMs, undefined, { signal });
      }
    } finally {
      if (!isOver) end(queryId);
    }
  }

  return {
    search: (request) => tracked(search(request)),
    async stop() {
      stopping.abort(new Error("Switchyard is stopping"));
      while (searches.size > 0) await Promise.all(searches);
    },
  };
}

/** Whatever means something in a pattern is escaped; what ends a line, or cannot be seen in one, matches any space. */
const literal = (value: string): string =>
  value.replaceAll(/[\^$\\.*+?()[\]{}|/]/g, "\\$&").replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, "\\s");

/**
 * The text is looked for as it is, as typed, composed or decomposed, because AWS compares code points. It stays one pattern: nobody adds
 * a command with it.
 */
export function queryOf({ text, streamPrefix }: Pick<InsightsSearch, "text" | "streamPrefix">): string {
  const [first = "", ...more] = new Set([text, text.normalize("NFC"), text.normalize("NFD")].map(literal));
  const pattern = more.length === 0 ? first : `(?:${[first, ...more].join("|")})`;
  const filters = [
    `filter @message like /(?i)${pattern}/`,
    ...(streamPrefix === null ? [] : [`filter @logStream like /^${literal(streamPrefix)}/`]),
  ];
  const fields = "fields @timestamp, @message, @logStream, @ingestionTime, @log";
  return [fields, ...filters, "sort @timestamp desc"].join(" | ");
}

function foundIn({ results = [], statistics, status }: GetQueryResultsResponse): InsightsFound {
  const lines = results.map((row) => {
    const values = new Map(row.map(({ field, value }) => [field, value ?? ""]));
    const cell = (field: string) => values.get(field) ?? "";
    return {
      at: timeOf(cell("@timestamp")),
      ingestedAt: timeOf(cell("@ingestionTime")),
      stream: cell("@logStream"),
      message: cell("@message"),
      eventId: null,
      // "123456789012:/ecs/library".
      group: cell("@log").replace(/^\d+:/, ""),
    };
  });
  return {
    lines,
    scannedBytes: statistics?.bytesScanned ?? 0,
    matched: statistics?.recordsMatched ?? lines.length,
    isComplete: status === "Complete",
  };
}

/** "2026-03-01 03:10:00.000", in UTC. */
const timeOf = (text: string): number => Date.parse(`${text.replace(" ", "T")}Z`) || 0;
