import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import type { Handler } from "../service.ts";
import { compileFilterPattern } from "./filter-pattern.ts";
import { checkKey, checkRange, checkTimes, getIdentifiedGroup, getStream, invalidParameter } from "./log-names.ts";
import type { EventRing, LogGroup, LogStore, StoredEvent } from "./log-store.ts";
import { MAX_PAGE_BYTES, MAX_PAGE_EVENTS, parseToken, positionToken } from "./page-token.ts";

const NEWEST_FIRST_SINCE = Date.UTC(2024, 0, 1);

/** How far one FilterLogEvents call looks before it answers with what it has and a token. */
export interface SearchOptions {
  /** Events examined in one call; a page that found nothing is empty and has a token, as on AWS. */
  examinedPerPage: number;
  /** Every n-th new search starts with an empty page and a token; 0 never. */
  emptyPageEvery: number;
}

/** FilterLogEvents: events of many streams in one order, a page at a time. */
export function searchOperation(store: LogStore, options: SearchOptions): Record<string, Handler> {
  let searches = 0;
  return {
    FilterLogEvents(input: Logs.FilterLogEventsRequest): Logs.FilterLogEventsResponse {
      checkSearch(input);
      const group = getIdentifiedGroup(store, input);
      checkKey(store, group);
      const isWanted = compileSearch(group, input);
      const scan = startScan(group.events, input);
      if (!input.nextToken && options.emptyPageEvery > 0 && ++searches % options.emptyPageEvery === 0) {
        const first = group.events.at(scan.at);
        if (first) return { events: [], searchedLogStreams: [], nextToken: tokenAt(first, scan.isForward) };
      }
      return scanPage(group.events, scan, isWanted, input.limit ?? MAX_PAGE_EVENTS, options.examinedPerPage);
    },
  };
}

function checkSearch(input: Logs.FilterLogEventsRequest): void {
  checkRange("limit", input.limit, 1, MAX_PAGE_EVENTS);
  checkTimes(input.startTime, input.endTime);
  if (input.logStreamNames && input.logStreamNamePrefix !== undefined) {
    throw invalidParameter("logStreamNames and logStreamNamePrefix are mutually exclusive parameters.");
  }
  if (input.startFromHead === false && input.startTime !== undefined && input.startTime < NEWEST_FIRST_SINCE) {
    throw invalidParameter("startFromHead=false requires a startTime on or after Jan 1, 2024 00:00:00 UTC.");
  }
}

function compileSearch(group: LogGroup, input: Logs.FilterLogEventsRequest): (event: StoredEvent) => boolean {
  const names = input.logStreamNames && new Set(input.logStreamNames);
  for (const name of names ?? []) getStream(group, name);
  const prefix = input.logStreamNamePrefix ?? "";
  const matches = compileFilterPattern(input.filterPattern);
  return (event) =>
    !event.isGone && (!names || names.has(event.stream)) && event.stream.startsWith(prefix) && matches(event.message);
}

interface Scan {
  isForward: boolean;
  at: number;
  low: number;
  high: number;
}

function startScan(events: EventRing, input: Logs.FilterLogEventsRequest): Scan {
  const low = input.startTime === undefined ? 0 : events.indexFrom(input.startTime);
  const high = input.endTime === undefined ? events.size : events.indexFrom(input.endTime + 1);
  const token = input.nextToken === undefined ? null : parseToken(input.nextToken, "hl");
  const isForward = token ? token.prefix === "h" : input.startFromHead !== false;
  const after = token && events.indexAfter(token.position);
  const at = isForward ? Math.max(after ?? 0, low) : Math.min(after ?? high, high) - 1;
  return { isForward, at, low, high };
}

/** The token of a search that goes on with `event`. */
const tokenAt = (event: StoredEvent, isForward: boolean) =>
  isForward ? positionToken("h", { ...event, sequence: event.sequence - 1 }) : positionToken("l", event);

function scanPage(
  events: EventRing,
  { isForward, at: start, low, high }: Scan,
  isWanted: (event: StoredEvent) => boolean,
  limit: number,
  examinedPerPage: number,
): Logs.FilterLogEventsResponse {
  const page: StoredEvent[] = [];
  let bytes = 0;
  let next: StoredEvent | undefined;
  for (let at = start, examined = 0; at >= low && at < high; at += isForward ? 1 : -1, examined++) {
    const event = events.at(at);
    if (!event) break;
    if (page.length >= limit || examined >= examinedPerPage || bytes + event.bytes > MAX_PAGE_BYTES) {
      next = event;
      break;
    }
    if (!isWanted(event)) continue;
    bytes += event.bytes;
    page.push(event);
  }
  return {
    events: page.map((event) => ({
      logStreamName: event.stream,
      timestamp: event.timestamp,
      message: event.message,
      ingestionTime: event.ingestionTime,
      eventId: eventId(event),
    })),
    // As of 2020 AWS always answers with an empty list here.
    searchedLogStreams: [],
    nextToken: next && tokenAt(next, isForward),
  };
}

/** 56 digits that sort as the events do. */
const eventId = (event: StoredEvent) =>
  `3${String(event.timestamp).padStart(19, "0")}${String(event.sequence).padStart(36, "0")}`;
