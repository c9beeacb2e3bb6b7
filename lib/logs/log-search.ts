import type { LogInsights } from "../aws/insights.ts";
import { logGroupRef } from "../aws/logs.ts";
import type { Application } from "../domain/application/application.ts";
import type { LogSource } from "../domain/log/log-settings.ts";
import { foldText } from "../domain/log/plain-text.ts";
import { isMasked } from "../domain/log/secrets.ts";
import type { LogLine } from "../domain/observation/log-line.ts";
import { ownLines } from "./log-pages.ts";
import type { SlotStreams } from "./slot-streams.ts";

/** What is looked for in a span that is too long to be read page by page; times are epoch ms and inclusive. */
export interface LogSpanSearch {
  application: Application;
  sources: readonly LogSource[];
  streams: SlotStreams;
  slots: "blue" | "green" | "both";
  from: number;
  to: number;
  text: string;
  signal: AbortSignal;
}

/** The newest lines of the application's that were found, in the order of their times. */
export interface LogSpanFound {
  lines: LogLine[];
  /** What AWS bills. */
  scannedBytes: number;
  /** Whether there may be more: more lines matched than are answered, or not all was looked through. */
  isCut: boolean;
}

const LINES = 1000;

/** Has Logs Insights look through the span; lines come out of it as out of a page of the past. @throws AwsFailure */
export async function searchLogSpan(insights: LogInsights, search: LogSpanSearch): Promise<LogSpanFound> {
  const { application, sources, from, to, text, signal } = search;
  const [prefix, ...more] = application.logs?.streamPrefixes ?? [];
  const refs = sources.map((source) => ({
    source,
    ref: logGroupRef(application.region, application.accountId, source.group),
  }));
  const found = await insights.search({
    logGroups: refs.map(({ ref }) => ref),
    ...{ from, to, text, signal },
    streamPrefix: more.length === 0 ? (prefix ?? null) : null,
    limit: LINES,
  });
  const byGroup = new Map(
    refs.map(({ ref, source }) => [ref.name, ownLines({ ...search, filter: "" }, source.side)] as const),
  );
  // Equal lines are numbered in the order of a search, which is that of their times.
  const own = found.lines.toReversed().flatMap(({ group, ...raw }) => byGroup.get(group)?.(raw).line ?? []);
  const needle = foldText(text);
  // AWS looks into what is masked here: a line that was found by its secret would tell it, letter by letter.
  const lines = own.filter((line) => !isMasked(line.text) || foldText(line.text).includes(needle));
  return { lines, scannedBytes: found.scannedBytes, isCut: !found.isComplete || found.matched > found.lines.length };
}

/** What was found in several Regions, as one. */
export function together(found: readonly LogSpanFound[]): LogSpanFound {
  return {
    lines: found.flatMap(({ lines }) => lines).sort((a, b) => a.at - b.at),
    scannedBytes: found.reduce((sum, { scannedBytes }) => sum + scannedBytes, 0),
    isCut: found.some(({ isCut }) => isCut),
  };
}
