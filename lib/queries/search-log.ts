import { z } from "zod";
import { logGroupRef } from "../aws/logs.ts";
import { fix } from "../config/fix.ts";
import { logSourcesOf } from "../domain/log/log-settings.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { streamsOfApplication } from "../logs/application-streams.ts";
import { type LogSpanFound, searchLogSpan, together } from "../logs/log-search.ts";
import { ASKS_AWS, ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { describeIssues, fields, membersOnly } from "../request/input.ts";
import { findApplication } from "../request/load-facts.ts";
import { notInTime, refuse } from "../request/refusal.ts";

const TIME_FIX = fix(say("input.epoch"));
const time = z.int(TIME_FIX).min(0, TIME_FIX).max(8.64e15, TIME_FIX);
const BYTES_FIX = fix(say("input.wholeNumber"));
const TEXT_FIX = fix(say("input.searchText"));

/** What the query takes. */
export const searchInput = membersOnly({
  application: fields.application,
  since: time,
  until: time,
  /** Looked for as it is, in any case and Unicode form. */
  text: z
    .string(TEXT_FIX)
    .trim()
    .min(2, TEXT_FIX)
    .max(1000, TEXT_FIX)
    // Half of a surrogate pair is no text that could be sent.
    .refine((text) => !/[^\P{Cc}\t]|[\p{Zl}\p{Zp}\p{Cs}]/u.test(text), TEXT_FIX),
  slot: z.enum(["blue", "green", "both"], fix(say("input.sides"))).default("both"),
  /** How many bytes may be read about; without it only that is answered. */
  acceptBytes: z.int(BYTES_FIX).min(0, BYTES_FIX).nullish(),
});

/** What a search would read, or what it found. */
export interface LogSearchAnswer {
  /** About as many bytes are read, which AWS bills; null where CloudWatch does not know. */
  bytes: number | null;
  /** Left out until the bytes are accepted. */
  found?: LogSpanFound;
}

/** Longer than this, nobody waits for an answer; the query is stopped then. */
const LONGEST_MS = 60_000;
/** A year, as long as a link to a line works. */
const MOST_DAYS = 366;
const DAY_MS = 86_400_000;
/** Read by one search at most, about 5 USD in most Regions, however much was accepted. */
const MOST_BYTES = 1_000_000_000_000;
/** At once in a process: AWS lets an account run 30, and others need theirs. */
const MOST_AT_ONCE = 3;
let running = 0;

/**
 * Looks through a span that is too long for pages, by Logs Insights. AWS bills what it reads, so that this is an operator's, is
 * told first, and is done for no more than was accepted. Ends with `signal`, and at AWS as well.
 */
export function searchLog(ctx: Context, raw: unknown, signal: AbortSignal): Promise<Result<LogSearchAnswer>> {
  const parsed = searchInput.safeParse(raw);
  const named = z.object({ application: z.string() }).safeParse(raw);
  const application = named.success ? named.data.application : "";
  const answer = async (): Promise<Result<LogSearchAnswer>> => {
    if (!parsed.success) return refuse("INVALID_INPUT", ...describeIssues(parsed.error, raw));
    const { since: from, until: to, text, slot: slots, acceptBytes = null } = parsed.data;
    if (to < from) return refuse("INVALID_INPUT", say("input.spanEnds"), say("input.laterTime"));
    if (to - from > MOST_DAYS * DAY_MS)
      return refuse("INVALID_INPUT", say("refusal.searchSpan", { days: MOST_DAYS }), say("refusal.shorterSpan"));
    const { observer, awsOfLogGroup } = ctx.runtime;
    const found = findApplication(ctx.runtime, application);
    if (!found.ok) return found;
    const sources = logSourcesOf(found.application, observer.observation(application)?.slots ?? null).filter(
      ({ side }) => slots === "both" || side === null || side === slots,
    );
    if (sources.length === 0) return refuse("NOT_FOUND", say("refusal.noLogGroup"), say("refusal.nameLogGroup"));
    const { region, accountId } = found.application;
    const places = [...Map.groupBy(sources, ({ group }) => awsOfLogGroup(logGroupRef(region, accountId, group).arn))];
    const read = places.map(([{ cloudwatch }, own]) => {
      const names = new Set(own.map(({ group }) => logGroupRef(region, accountId, group).name));
      return cloudwatch.readIncomingBytes([...names], from, to);
    });
    const known = (await Promise.all(read)).filter((each) => each !== null);
    const bytes = known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0);
    if (acceptBytes === null) return { ok: true, value: { bytes } };
    const accepted = Math.min(acceptBytes, MOST_BYTES);
    if (bytes !== null && bytes > accepted)
      return refuse("INVALID_INPUT", say("refusal.searchReadsMore", { bytes, accepted }), say("refusal.acceptBytes"));
    if (running >= MOST_AT_ONCE)
      return refuse("RATE_LIMITED", say("refusal.searchesRun", { count: MOST_AT_ONCE }), say("refusal.tryAgain"));
    running++;
    // Where one Region fails, the others' queries are stopped with it.
    const over = new AbortController();
    const ends = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS), over.signal]);
    try {
      const streams = streamsOfApplication(observer, application);
      const search = { application: found.application, streams, slots, from, to, text, signal: ends };
      const parts = places.map(([{ insights }, own]) => searchLogSpan(insights, { ...search, sources: own }));
      return { ok: true, value: { bytes, found: together(await Promise.all(parts)) } };
    } catch (error) {
      if (!ends.aborted) throw error;
      return notInTime(LONGEST_MS);
    } finally {
      over.abort();
      running--;
    }
  };
  return ask(ctx, application, answer, { permission: "deploy", cost: ASKS_AWS, patienceMs: LONGEST_MS + 5_000 });
}
