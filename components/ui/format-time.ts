import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { Language } from "@/lib/messages/language.ts";

/** How old something is, in one unit: "0.8 s", "42 s", "4 min", "5 h", "6 d". Never negative. */
export function ageSaid(ms: number): Sentence {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return say("told.seconds", { seconds: (Math.floor(seconds * 10) / 10).toFixed(1) });
  if (seconds < 60) return say("told.seconds", { seconds: Math.floor(seconds) });
  if (seconds < 3600) return say("told.minutes", { minutes: Math.floor(seconds / 60) });
  if (seconds < 48 * 3600) return say("told.hours", { hours: Math.floor(seconds / 3600) });
  return say("told.days", { days: Math.floor(seconds / 86_400) });
}

/** An age without decimals, for columns of slow things: "8 s", "4 min". */
export function coarseAgeSaid(ms: number): Sentence {
  return ms < 10_000 ? say("told.seconds", { seconds: Math.floor(Math.max(0, ms) / 1000) }) : ageSaid(ms);
}

/** How long something took or has left, as a clock: "0:20", "1:52", "1:02:03". */
export function formatDuration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

/** A measured time with the precision that a figure needs: "0.12 s", "4.2 s", "62 s". */
export function secondsSaid(ms: number): Sentence {
  const seconds = Math.max(0, ms) / 1000;
  return say("told.seconds", { seconds: seconds.toFixed(seconds < 1 ? 2 : seconds < 10 ? 1 : 0) });
}

/** Where times are told: in UTC, or in the reader's own zone when undefined. */
export type Zone = "UTC" | undefined;

/** The fields of a moment that is `offset` minutes ahead of UTC. Plain arithmetic: a browser's first formatter costs it 30 ms. */
export function fieldsAt(at: number, offset: number) {
  const [date = "", time = ""] = new Date(at + offset * 60_000).toISOString().split(/[TZ]/);
  const minutes = Math.abs(offset) % 60;
  const hours = Math.trunc(offset / 60) || (offset < 0 ? "-0" : 0);
  const ahead = `${offset < 0 ? "" : "+"}${hours}${minutes ? `:${String(minutes).padStart(2, "0")}` : ""}`;
  return { date, clock: time.slice(0, 8), exact: time, zone: offset === 0 ? "UTC" : `GMT${ahead}` };
}

const fieldsIn = (at: number, zone: Zone) => fieldsAt(at, zone === "UTC" ? 0 : -new Date(at).getTimezoneOffset());

/** "12:02:14" in the zone; the zone is the reader's own when undefined. */
export function formatClock(at: number, timeZone?: Zone): string {
  return fieldsIn(at, timeZone).clock;
}

/** "12:02" in the zone. */
export function formatMinute(at: number, timeZone?: Zone): string {
  return formatClock(at, timeZone).slice(0, 5);
}

/** "12:02" in the zone; on another day than that of `now` with its day, "23 Nov 12:02". */
export function formatNear(at: number, now: number, language: Language, timeZone?: Zone): string {
  return isSameDay(at, now, timeZone) ? formatMinute(at, timeZone) : formatDay(at, language, timeZone);
}

/** "12:02:14" in the zone; on another day than that of `now` with its day, "23 Nov 12:02:14". */
export function formatNearClock(at: number, now: number, language: Language, timeZone?: Zone): string {
  const clock = formatClock(at, timeZone);
  return isSameDay(at, now, timeZone) ? clock : `${dayOf(at, language, timeZone)} ${clock}`;
}

function isSameDay(at: number, now: number, timeZone: Zone): boolean {
  return fieldsIn(at, timeZone).date === fieldsIn(now, timeZone).date;
}

/** A day as each language writes it, beside a clock of 24 hours: "23 Nov", "11월 23일". */
const DAY_LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", ko: "ko-KR" };
const dayFormatters = new Map<string, Intl.DateTimeFormat>();

function dayOf(at: number, language: Language, timeZone: Zone): string {
  const key = `${language} ${timeZone}`;
  const made =
    dayFormatters.get(key) ??
    new Intl.DateTimeFormat(DAY_LOCALES[language], { timeZone, day: "numeric", month: "short" });
  dayFormatters.set(key, made);
  return made.format(at);
}

/** "2026-11-23 12:02:14.123 GMT+9": for hover and copies. */
export function formatExact(at: number, timeZone?: Zone): string {
  const { date, exact, zone } = fieldsIn(at, timeZone);
  return `${date} ${exact} ${zone}`;
}

/** "23 Nov 12:02" in the zone. */
export function formatDay(at: number, language: Language, timeZone?: Zone): string {
  return `${dayOf(at, language, timeZone)} ${formatMinute(at, timeZone)}`;
}
