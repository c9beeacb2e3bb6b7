import { type LogFilter, parseLogFilter } from "@/lib/domain/observation/log-filter.ts";
import { cutText } from "@/lib/domain/text/cut-text.ts";
import { type Refusal, refuse } from "@/lib/request/refusal.ts";

/** What a question for lines of the past says. Times are epoch ms. */
export interface HistoryQuery {
  from: number;
  to: number;
  direction: "older" | "newer";
  slots: "blue" | "green" | "both";
  filter: string;
  /** In the notation of the log panel's filter. */
  query: LogFilter;
  limit: number;
}

/** CloudWatch Logs reads from the newest line back only in what came after 2023. */
const EARLIEST = Date.UTC(2024, 0, 1);
const MAX_LIMIT = 1000;
const MAX_FILTER = 1000;
/** Milliseconds of ten seconds that one reader's pattern may take of everybody's server. */
const MAX_PATTERN_MS = 300;

/** Reads the query: `before` with the lines up to then, or `after` with those from then on; `until` and `since` bound them. */
export function readHistoryQuery(
  query: URLSearchParams,
  now: number,
): { ok: true; value: HistoryQuery } | Refusal<never> {
  const times = {
    before: timeOf(query, "before"),
    after: timeOf(query, "after"),
    since: timeOf(query, "since"),
    until: timeOf(query, "until"),
  };
  for (const [name, time] of Object.entries(times))
    if (time === "none") return notTaken(query, name, "give epoch milliseconds");
  const { before, after, since, until } = times as Record<keyof typeof times, number | null>;
  if (before !== null && after !== null)
    return refuse("INVALID_INPUT", "before and after exclude each other", "give one of them");
  const slots = (["blue", "green", "both"] as const).find((slot) => slot === (query.get("slot") ?? "both"));
  if (!slots) return notTaken(query, "slot", 'give "blue", "green" or "both"');
  const limit = Number(query.get("limit") ?? 500);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    return notTaken(query, "limit", `give 1 to ${MAX_LIMIT}`);
  const from = Math.max(EARLIEST, after ?? since ?? 0);
  const to = before ?? until ?? now;
  if (to < from) return refuse("INVALID_INPUT", "The span ends before it begins", "before, until: give a later time");
  const direction = after === null ? "older" : "newer";
  const given = cutText(query.get("query") ?? "", MAX_FILTER);
  const parsed = parseLogFilter(given, { now, clock: () => performance.now(), maxSpentMs: MAX_PATTERN_MS });
  if (parsed.problem !== null)
    return refuse("INVALID_INPUT", parsed.problem, "query: give words, or a pattern without looking ahead or back");
  const filter = cutText(query.get("filter") ?? "", MAX_FILTER);
  return { ok: true, value: { from, to, direction, slots, filter, query: parsed, limit } };
}

/** A parameter that holds what it cannot; `fix` says what to give. */
export function notTaken(query: URLSearchParams, name: string, fix: string): Refusal<never> {
  const value = JSON.stringify((query.get(name) ?? "").slice(0, 80));
  return refuse("INVALID_INPUT", `${name} is ${value}`, `${name}: ${fix}`);
}

function timeOf(query: URLSearchParams, name: string): number | null | "none" {
  const text = query.get(name);
  if (text === null || text === "") return null;
  const time = Number(text);
  return Number.isSafeInteger(time) && time >= 0 && time < 8.64e15 ? time : "none";
}
