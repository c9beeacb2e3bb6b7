import { type LogFilter, parseLogFilter } from "@/lib/domain/observation/log-filter.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import { cutText } from "@/lib/domain/text/cut-text.ts";
import { heldSaid } from "@/lib/request/input.ts";
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
    if (time === "none") return notTaken(query, name, say("input.epoch"));
  const { before, after, since, until } = times as Record<keyof typeof times, number | null>;
  if (before !== null && after !== null)
    return refuse("INVALID_INPUT", say("input.exclude", { one: "before", other: "after" }), say("input.oneOfThem"));
  const slots = (["blue", "green", "both"] as const).find((slot) => slot === (query.get("slot") ?? "both"));
  if (!slots) return notTaken(query, "slot", say("input.sides"));
  const limit = Number(query.get("limit") ?? 500);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    return notTaken(query, "limit", say("input.between", { least: 1, most: MAX_LIMIT }));
  const from = Math.max(EARLIEST, after ?? since ?? 0);
  const to = before ?? until ?? now;
  if (to < from) return refuse("INVALID_INPUT", say("input.spanEnds"), say("input.laterTime"));
  const direction = after === null ? "older" : "newer";
  const given = cutText(query.get("query") ?? "", MAX_FILTER);
  const parsed = parseLogFilter(given, { now, clock: () => performance.now(), maxSpentMs: MAX_PATTERN_MS });
  if (parsed.problem !== null) return refuse("INVALID_INPUT", parsed.problem, say("input.queryForm"));
  const filter = cutText(query.get("filter") ?? "", MAX_FILTER);
  return { ok: true, value: { from, to, direction, slots, filter, query: parsed, limit } };
}

/** A parameter that holds what it cannot; `fix` says what to give. */
export function notTaken(query: URLSearchParams, name: string, fix: Sentence): Refusal<never> {
  return refuse(
    "INVALID_INPUT",
    heldSaid(name, cutText(query.get(name) ?? "", 80)),
    say("input.fixOf", { field: name, fix }),
  );
}

function timeOf(query: URLSearchParams, name: string): number | null | "none" {
  const text = query.get(name);
  if (text === null || text === "") return null;
  const time = Number(text);
  return Number.isSafeInteger(time) && time >= 0 && time < 8.64e15 ? time : "none";
}
