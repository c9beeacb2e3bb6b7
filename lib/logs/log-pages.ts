import { AwsFailure } from "../aws/errors.ts";
import { type LogReader, logGroupRef, type RawLogLine } from "../aws/logs.ts";
import type { Application } from "../domain/application/application.ts";
import type { LogSource } from "../domain/log/log-settings.ts";
import { ownSecretRules } from "../domain/log/own-secrets.ts";
import { foldText } from "../domain/log/plain-text.ts";
import type { LogFilter } from "../domain/observation/log-filter.ts";
import type { LogLine } from "../domain/observation/log-line.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { LineNumbering, toTailedLine } from "./line-identity.ts";
import { isWanted, ownedLine, vendedOwner } from "./log-channel.ts";
import type { SlotStreams } from "./slot-streams.ts";

/** Which lines of the past are wanted; times are epoch ms and inclusive. */
export interface LogPageRequest {
  application: Application;
  sources: readonly LogSource[];
  streams: SlotStreams;
  from: number;
  to: number;
  /** Those nearest to `to` ("older"), or those nearest to `from` ("newer"). */
  direction: "older" | "newer";
  slots: "blue" | "green" | "both";
  filter: string;
  /** What a line has to match besides; a pattern that takes too long is given up, and says so in its `problem`. */
  query?: LogFilter;
  limit: number;
  signal: AbortSignal;
}

/** Lines in the order of their times, whole between `from` and `to`. */
export interface LogPage {
  lines: LogLine[];
  from: number;
  to: number;
  /** Whether the span that was asked for holds nothing more. */
  isComplete: boolean;
}

/** Of one group and page: AWS allows a few reads a second, for everybody in the account. */
const MAX_READS = 10;
const MAX_CHARACTERS = 8_000_000;
const PAGE_LINES = 1000;

/** What one group gave, and how far it was read. */
interface Reading {
  lines: LogLine[];
  /** Time of the last line that was looked at; null where none was. */
  reached: number | null;
  isComplete: boolean;
}

/** Reads a page of the past, in bounded time, pages and size; what a bound leaves out, the page's span leaves out as well. */
export async function readLogPage(reader: LogReader, request: LogPageRequest): Promise<LogPage> {
  const { from, to, direction, limit } = request;
  const isOlder = direction === "older";
  const readings = await Promise.all(request.sources.map((source) => readGroup(reader, source, request)));
  const edges = readings.flatMap((each) => (each.isComplete ? [] : [each.reached ?? (isOlder ? to : from)]));
  // Of several groups, the one that was read less far bounds what is whole.
  let edge = isOlder ? Math.max(from, ...edges) : Math.min(to, ...edges);
  const lines = readings
    .flatMap((each) => each.lines)
    .filter((line) => (isOlder ? line.at >= edge : line.at <= edge))
    .sort((a, b) => a.at - b.at);
  const isOver = lines.length > limit;
  const kept = isOlder ? lines.slice(-limit) : lines.slice(0, limit);
  if (isOver) edge = (isOlder ? kept[0] : kept.at(-1))?.at ?? edge;
  return {
    lines: kept,
    ...(isOlder ? { from: edge, to } : { from, to: edge }),
    isComplete: !isOver && edges.length === 0,
  };
}

async function readGroup(reader: LogReader, { group, side }: LogSource, request: LogPageRequest): Promise<Reading> {
  const { application, from, to, direction, limit, signal } = request;
  const prefixes = application.logs?.streamPrefixes ?? [];
  const toOwn = ownLines(request, side);
  const reading: Reading = { lines: [], reached: null, isComplete: false };
  let reads = 0;
  let characters = 0;
  try {
    const pages = reader.filterLines({
      logGroup: logGroupRef(application.region, application.accountId, group),
      ...(prefixes.length === 1 && prefixes[0] ? { streamPrefix: prefixes[0] } : {}),
      from,
      to,
      newestFirst: direction === "older",
      pageSize: Math.min(PAGE_LINES, limit),
      signal,
    });
    for await (const page of pages) {
      for (const raw of page) {
        const { line, characters: read } = toOwn(raw);
        characters += read;
        reading.reached = raw.at;
        if (line) reading.lines.push(line);
      }
      if (++reads >= MAX_READS || characters >= MAX_CHARACTERS || reading.lines.length >= limit) return reading;
    }
    return { ...reading, isComplete: true };
  } catch (error) {
    if (error instanceof AwsFailure && error.kind === "missing") return { ...reading, isComplete: true };
    throw error;
  }
}

/** Makes lines of one group those of the application: without secrets, with side and level; null for what is another's or not wanted. */
export function ownLines(
  request: Pick<LogPageRequest, "application" | "streams" | "slots" | "filter" | "query">,
  side: LogSource["side"],
): (raw: RawLogLine) => { line: LogLine | null; characters: number } {
  const { application, streams } = request;
  const prefixes = application.logs?.streamPrefixes ?? [];
  const options = { side, level: application.logs?.level ?? null, mask: ownSecretRules(application.logs) };
  const lineRequest = { slots: request.slots, needle: foldText(request.filter) };
  const numbering = new LineNumbering();
  const isWithin = (stream: string) => prefixes.length === 0 || prefixes.some((prefix) => stream.startsWith(prefix));
  return (raw) => {
    const line = toTailedLine(raw, numbering.idOf(raw));
    const characters = line.text.length;
    if (!isWithin(raw.stream) || streams.isForeign(raw.stream)) return { line: null, characters };
    if (streams.ownerOf(raw.stream) === null && vendedOwner(line, streams) === "foreign")
      return { line: null, characters };
    const owned = ownedLine(line, streams, options);
    const isOurs = isWanted(owned, lineRequest) && (request.query?.matches(owned) ?? true);
    return { line: isOurs ? owned : null, characters };
  };
}

/** Of a download. */
const DOWNLOAD_BOUNDS = { lines: 100_000, characters: 50_000_000 } as const;

/** Pages from the oldest to the newest line of a span; the last may say why there is no more. */
export async function* readLogSpan(
  reader: LogReader,
  request: Omit<LogPageRequest, "direction" | "limit">,
  bounds: { lines: number; characters: number } = DOWNLOAD_BOUNDS,
): AsyncGenerator<{ lines: LogLine[]; cut: Sentence | null }> {
  let { from } = request;
  let seen = new Set<string>();
  let lines = 0;
  let characters = 0;
  for (;;) {
    const page = await readLogPage(reader, { ...request, from, direction: "newer", limit: PAGE_LINES });
    const fresh = page.lines.filter((line) => !seen.has(line.id));
    lines += fresh.length;
    characters += fresh.reduce((sum, line) => sum + line.text.length, 0);
    const isOver = lines >= bounds.lines || characters >= bounds.characters;
    const isStuck = !page.isComplete && fresh.length === 0 && page.to <= from;
    const at = new Date(page.to).toISOString();
    const problem = request.query?.problem ?? null;
    if (problem !== null) return yield { lines: [], cut: say("logGap.cut", { at, why: problem }) };
    const cut = page.isComplete
      ? null
      : isOver
        ? say("logGap.cut", {
            at,
            why: say("logGap.downloadHolds", { lines: bounds.lines, megabytes: bounds.characters / 1e6 }),
          })
        : isStuck
          ? say("logGap.cut", { at, why: say("logGap.nothingMore", { reads: MAX_READS }) })
          : null;
    yield { lines: fresh, cut };
    if (page.isComplete || cut !== null) return;
    seen = new Set(page.lines.map((line) => line.id));
    from = page.to;
  }
}
