import type { ScheduledScaling } from "./side-scaling.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const UNIT_MS = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: DAY_MS };
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/** A yearly schedule comes round within this; later is not told. */
const LOOK_AHEAD_DAYS = 370;

type Schedule = Pick<ScheduledScaling, "schedule" | "timezone" | "startsAt" | "endsAt">;

/**
 * Epoch ms at which a scheduled action runs next, after `now`; null where it never does, and where its schedule has a form
 * whose times are not told here (`L`, `W`, `#`, a rate without a beginning).
 */
export function nextRun({ schedule, timezone, startsAt, endsAt }: Schedule, now: number): number | null {
  const from = Math.max(now, (startsAt ?? 0) - 1);
  const at = /^at\((\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?\)$/.exec(schedule);
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule);
  const cron = /^cron\(([^)]*)\)$/.exec(schedule)?.[1];
  const next = at
    ? utcOf(at.slice(1, 6).map(Number), timezone)
    : rate
      ? nextOfRate(Number(rate[1]) * UNIT_MS[rate[2] as keyof typeof UNIT_MS], startsAt, from)
      : cron === undefined
        ? null
        : nextOfCron(cron, timezone, from);
  return next === null || next <= from || next > (endsAt ?? next) ? null : next;
}

function nextOfRate(everyMs: number, startsAt: number | null, from: number): number | null {
  if (startsAt === null || everyMs === 0) return null;
  return startsAt > from ? startsAt : startsAt + (Math.floor((from - startsAt) / everyMs) + 1) * everyMs;
}

function nextOfCron(text: string, timezone: string, from: number): number | null {
  const [minutes, hours, days, months, weekdays, years] = text.trim().split(/\s+/);
  const allowed = {
    minutes: valuesOf(minutes, 0, 59),
    hours: valuesOf(hours, 0, 23),
    days: valuesOf(days, 1, 31),
    months: valuesOf(months, 1, 12, MONTHS),
    weekdays: valuesOf(weekdays, 1, 7, WEEKDAYS),
    years: valuesOf(years, 1970, 2199),
  };
  const { minutes: minuteSet, hours: hourSet } = allowed;
  if (Object.values(allowed).includes(null) || !minuteSet || !hourSet) return null;
  const today = localDate(from, timezone);
  if (today === null) return null;
  for (let ahead = 0; ahead <= LOOK_AHEAD_DAYS; ahead += 1) {
    const date = new Date(today + ahead * DAY_MS);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    const isDay =
      allowed.years?.has(year) &&
      allowed.months?.has(month) &&
      allowed.days?.has(day) &&
      allowed.weekdays?.has(date.getUTCDay() + 1);
    if (!isDay) continue;
    for (const hour of hourSet)
      for (const minute of minuteSet) {
        const at = utcOf([year, month, day, hour, minute], timezone);
        if (at !== null && at > from) return at;
      }
  }
  return null;
}

/** Every value that the field allows, ascending; null for a form that is not read here. */
function valuesOf(field: string | undefined, first: number, last: number, names: readonly string[] = []) {
  if (field === undefined) return null;
  const values = new Set<number>();
  const numberOf = (text: string) => {
    const index = names.indexOf(text.toUpperCase());
    return index < 0 ? (/^\d+$/.test(text) ? Number(text) : Number.NaN) : index + 1;
  };
  for (const part of field.split(",")) {
    const [range = "", step] = part.split("/");
    const [low, high] = range.split("-");
    const isAny = range === "*" || range === "?";
    const from = isAny ? first : numberOf(low ?? "");
    const to = isAny || (step !== undefined && high === undefined) ? last : numberOf(high ?? low ?? "");
    const by = step === undefined ? 1 : Number(step);
    if (![from, to, by].every(Number.isInteger) || by < 1 || from < first || to > last) return null;
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return new Set([...values].sort((a, b) => a - b));
}

/** The local day, as midnight UTC of the same date; null for a zone that this runtime does not know. */
function localDate(at: number, timezone: string): number | null {
  const offset = offsetAt(at, timezone);
  return offset === null ? null : Math.floor((at + offset) / DAY_MS) * DAY_MS;
}

/** A local time as epoch ms; one that daylight saving leaves out is told an hour later, as the clock goes. */
function utcOf([year = 0, month = 1, day = 1, hour = 0, minute = 0]: readonly number[], timezone: string) {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const guess = offsetAt(wall, timezone);
  if (guess === null) return null;
  return wall - (offsetAt(wall - guess, timezone) ?? guess);
}

/** How far the zone's clock is ahead of UTC then, ms. */
function offsetAt(at: number, timezone: string): number | null {
  try {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: timezone, hourCycle: "h23", ...FIELDS });
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
  } catch {
    return null;
  }
}

const FIELDS = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
