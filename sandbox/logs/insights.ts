import { randomUUID } from "node:crypto";
import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError, type Handler, type SandboxBase } from "../service.ts";
import { type InsightsQuery, parseInsightsQuery } from "./insights-query.ts";
import { checkIdentifier, checkRange, getGroup, getGroupByIdentifier, invalidParameter } from "./log-names.ts";
import type { LogGroup, LogStore, StoredEvent } from "./log-store.ts";

const MAX_LIMIT = 10_000;
const MAX_GROUPS = 50;
const MAX_QUERY_CHARACTERS = 10_000;
/** AWS's bound for one account and Region. */
const MAX_CONCURRENT = 30;
const DAY_MS = 86_400_000;
/** How long a query takes: until it runs, and for what it scans. Nothing is documented; this is what small ones take. */
const [SCHEDULED_MS, STARTING_MS, BYTES_A_MS] = [200, 600, 1_000_000];
/** Seconds since 1970 of a day that nobody queries: what is larger was given in ms. */
const LATEST_SECONDS = 100_000_000_000;

interface Query {
  rows: Logs.ResultField[][];
  statistics: Required<Pick<Logs.QueryStatistics, "recordsMatched" | "recordsScanned" | "bytesScanned">>;
  startedAt: number;
  endsAt: number;
  isStopped: boolean;
}

/** Logs Insights: what is asked for runs on, whoever reads it, until it has scanned all of the span or is stopped. */
export function insightsOperations({ clock, place }: SandboxBase, store: LogStore): Record<string, Handler> {
  const queries = new Map<string, Query>();
  const find = (id: string | undefined): Query => {
    const query = queries.get(id ?? "");
    if (!query) throw new AwsError("ResourceNotFoundException", `Could not find a query with id ${id}.`);
    return query;
  };
  const isRunning = (query: Query) => !query.isStopped && clock.now() < query.endsAt;

  return {
    StartQuery(input: Logs.StartQueryRequest): Logs.StartQueryResponse {
      const groups = groupsOf(store, input);
      const { from, to } = spanOf(input);
      const text = input.queryString ?? "";
      if (text.length > MAX_QUERY_CHARACTERS) throw invalidParameter("The query string is too long.");
      checkRange("limit", input.limit, 1, MAX_LIMIT);
      const parsed = parseInsightsQuery(text);
      checkKept(groups, to, clock.now());
      if ([...queries.values()].filter(isRunning).length >= MAX_CONCURRENT)
        throw new AwsError(
          "LimitExceededException",
          `Account maximum query concurrency limit of [${MAX_CONCURRENT}] reached.`,
        );
      const scanned = groups.flatMap((group) => eventsOf(group, from, to).map((event) => ({ group, event })));
      const matched = scanned
        .filter(({ event }) => parsed.filters.every((holds) => holds(event.message, event.stream)))
        .sort((a, b) => (a.event.timestamp - b.event.timestamp) * (parsed.isOldestFirst ? 1 : -1));
      const bytes = scanned.reduce((sum, { event }) => sum + event.bytes, 0);
      const now = clock.now();
      const id = randomUUID();
      queries.set(id, {
        rows: matched
          .slice(0, parsed.limit ?? input.limit ?? MAX_LIMIT)
          .map(({ group, event }) => rowOf(parsed, event, `${place.accountId}:${group.name}`)),
        statistics: { recordsMatched: matched.length, recordsScanned: scanned.length, bytesScanned: bytes },
        startedAt: now,
        endsAt: now + SCHEDULED_MS + STARTING_MS + bytes / BYTES_A_MS,
        isStopped: false,
      });
      return { queryId: id };
    },

    GetQueryResults(input: Logs.GetQueryResultsRequest): Logs.GetQueryResultsResponse {
      const query = find(input.queryId);
      const ranMs = clock.now() - query.startedAt - SCHEDULED_MS;
      if (query.isStopped) return { status: "Cancelled", results: [], statistics: query.statistics };
      if (ranMs < 0) return { status: "Scheduled", results: [], statistics: none() };
      if (!isRunning(query)) return { status: "Complete", results: query.rows, statistics: query.statistics };
      // What was found by now, of which the end is none yet.
      const part = ranMs / (query.endsAt - query.startedAt);
      const { bytesScanned, recordsScanned } = query.statistics;
      const results = query.rows.slice(0, Math.floor(query.rows.length * part));
      return {
        status: "Running",
        results,
        statistics: {
          recordsMatched: results.length,
          recordsScanned: Math.floor(recordsScanned * part),
          bytesScanned: Math.floor(bytesScanned * part),
        },
      };
    },

    StopQuery(input: Logs.StopQueryRequest): Logs.StopQueryResponse {
      const query = find(input.queryId);
      if (!isRunning(query)) throw invalidParameter(`Query ${input.queryId} is not in Running or Scheduled state.`);
      query.isStopped = true;
      return { success: true };
    },
  };
}

const none = () => ({ recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 });

function groupsOf(store: LogStore, input: Logs.StartQueryRequest): LogGroup[] {
  const { logGroupName, logGroupNames, logGroupIdentifiers } = input;
  const given = [logGroupName, logGroupNames, logGroupIdentifiers].filter((each) => each !== undefined);
  if (given.length !== 1)
    throw invalidParameter("Exactly one of logGroupName, logGroupNames and logGroupIdentifiers must be specified.");
  const named = logGroupNames ?? (logGroupName === undefined ? [] : [logGroupName]);
  const identifiers = logGroupIdentifiers ?? [];
  if (named.length + identifiers.length < 1 || named.length + identifiers.length > MAX_GROUPS)
    throw invalidParameter(`Between 1 and ${MAX_GROUPS} log groups must be specified.`);
  for (const identifier of identifiers) checkIdentifier("logGroupIdentifiers", identifier);
  const groups = [
    ...named.map((name) => getGroup(store, name)),
    ...identifiers.map((identifier) => getGroupByIdentifier(store, identifier)),
  ];
  if (new Set(groups.map(({ logGroupClass }) => logGroupClass)).size > 1)
    throw invalidParameter("The log groups of a query must be of one log class.");
  return groups;
}

/** In seconds, both ends inclusive. */
function spanOf({ startTime, endTime }: Logs.StartQueryRequest): { from: number; to: number } {
  if (startTime === undefined || endTime === undefined) throw invalidParameter("startTime and endTime are required.");
  // AWS takes milliseconds as well, which no document says: refused here, so that nobody counts on it.
  for (const time of [startTime, endTime])
    if (!Number.isInteger(time) || time < 0 || time > LATEST_SECONDS)
      throw invalidParameter(`Time ${time} must be in seconds since 1970.`);
  if (endTime < startTime) throw invalidParameter("End time should not be less than start time.");
  return { from: startTime * 1000, to: endTime * 1000 + 999 };
}

function checkKept(groups: readonly LogGroup[], to: number, now: number): void {
  const first = Math.min(...groups.map(({ createdAt }) => createdAt));
  const days = groups.map(({ retentionInDays }) => retentionInDays ?? Number.POSITIVE_INFINITY);
  if (to >= Math.max(first - DAY_MS * 14, now - Math.max(...days) * DAY_MS)) return;
  throw new AwsError(
    "MalformedQueryException",
    "Query's end date and time is either before the log groups creation time or exceeds the log groups log retention settings",
  );
}

function eventsOf({ events }: LogGroup, from: number, to: number): StoredEvent[] {
  const found: StoredEvent[] = [];
  for (let at = events.indexFrom(from); ; at++) {
    const event = events.at(at);
    if (!event || event.timestamp > to) return found;
    if (!event.isGone) found.push(event);
  }
}

function rowOf({ fields }: InsightsQuery, event: StoredEvent, log: string): Logs.ResultField[] {
  const time = (at: number) => new Date(at).toISOString().replace("T", " ").replace("Z", "");
  const values: Readonly<Record<string, string>> = {
    "@timestamp": time(event.timestamp),
    "@message": event.message,
    "@logStream": event.stream,
    "@ingestionTime": time(event.ingestionTime),
    "@log": log,
  };
  const pointer = Buffer.from(`${log} ${event.timestamp} ${event.sequence}`).toString("base64");
  return [...fields.map((field) => ({ field, value: values[field] })), { field: "@ptr", value: pointer }];
}
