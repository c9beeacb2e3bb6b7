import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";
import { cutText } from "../domain/text/cut-text.ts";

/** What recurs: RFC 5545's DTSTART with its TZID, RRULE (null: once) and DURATION. */
export interface Recurrence {
  start: string;
  timeZone: string;
  rrule: string | null;
  duration: string;
}

/** Occurrences of one recurrence. Times are epoch ms. */
export interface Occurrences {
  /** The newest that began by then; null before the first. */
  newest(at: number): Occurrence | null;
  /** The first that begins after then; null after the last. */
  next(at: number): Occurrence | null;
}

export interface Occurrence {
  from: number;
  until: number;
}

/** Reads a recurrence; what is wrong is in the start, or in the rule. Days are the zone's days, hours are exact, as RFC 5545 says. */
export function parseRecurrence(
  recurrence: Recurrence,
): { ok: true; occurrences: Occurrences } | { ok: false; isStart: boolean; message: string } {
  let start: Temporal.ZonedDateTime;
  let duration: Temporal.Duration;
  try {
    start = Temporal.PlainDateTime.from(recurrence.start).toZonedDateTime(recurrence.timeZone);
    duration = Temporal.Duration.from(recurrence.duration);
  } catch (error) {
    return { ok: false, isStart: true, message: wordsOf(error) };
  }
  const occurrence = (from: Temporal.ZonedDateTime): Occurrence => ({
    from: from.epochMilliseconds,
    until: from.add(duration).epochMilliseconds,
  });
  if (recurrence.rrule === null) {
    const only = occurrence(start);
    return {
      ok: true,
      occurrences: {
        newest: (at) => (at >= only.from ? only : null),
        next: (at) => (at < only.from ? only : null),
      },
    };
  }
  try {
    const rule = new RRuleTemporal({ rruleString: recurrence.rrule, dtstart: start, strict: true, temporal: Temporal });
    return {
      ok: true,
      occurrences: {
        newest: (at) => present(rule.previous(new Date(at), true), occurrence),
        next: (at) => present(rule.next(new Date(at), false), occurrence),
      },
    };
  } catch (error) {
    return { ok: false, isStart: false, message: wordsOf(error) };
  }
}

function present(
  found: Temporal.ZonedDateTime | null,
  occurrence: (from: Temporal.ZonedDateTime) => Occurrence,
): Occurrence | null {
  return found ? occurrence(found) : null;
}

function wordsOf(error: unknown): string {
  return cutText(error instanceof Error ? error.message : String(error), 120);
}
