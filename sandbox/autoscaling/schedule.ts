const MINUTE_MS = 60_000;
const UNITS_MS = { minute: MINUTE_MS, hour: 60 * MINUTE_MS, day: 24 * 60 * MINUTE_MS };
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const AT = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)\)$/;
const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;
const CRON = /^cron\(([^)]+)\)$/;

/** Whether AWS takes it: `at(...)`, `rate(...)` or `cron(...)` with six fields, one of the two for days a question mark. */
export function isSchedule(text: string): boolean {
  const fields = CRON.exec(text)?.[1]?.trim().split(/\s+/);
  if (fields) return fields.length === 6 && [fields[2], fields[4]].filter((field) => field === "?").length === 1;
  const rate = RATE.exec(text);
  return rate ? Number(rate[1]) > 0 : AT.test(text);
}

/** Whether the schedule has the minute that begins at `minute` (epoch ms); a rate counts from `startAt`. */
export function hasMinute(schedule: string, timezone: string | undefined, startAt: number, minute: number): boolean {
  const at = AT.exec(schedule)?.[1];
  const local = localTime(minute, timezone ?? "UTC");
  if (at)
    return (
      `${local.year}-${pad(local.month)}-${pad(local.day)}T${pad(local.hour)}:${pad(local.minute)}` === at.slice(0, 16)
    );
  const rate = RATE.exec(schedule);
  if (rate) {
    const everyMs = Number(rate[1]) * UNITS_MS[rate[2] as keyof typeof UNITS_MS];
    const first = Math.floor(startAt / MINUTE_MS) * MINUTE_MS;
    return minute >= first && (minute - first) % everyMs === 0;
  }
  const [minutes, hours, days, months, weekdays, years] = (CRON.exec(schedule)?.[1] ?? "").trim().split(/\s+/);
  return (
    has(minutes, local.minute, []) &&
    has(hours, local.hour, []) &&
    (days === "?" || has(days, local.day, [])) &&
    has(months, local.month, MONTHS, 1) &&
    (weekdays === "?" || has(weekdays, local.weekday, DAYS, 1)) &&
    has(years, local.year, [])
  );
}

function has(field: string | undefined, value: number, names: readonly string[], first = 0): boolean {
  const numberOf = (text: string) => {
    const index = names.indexOf(text.toLowerCase());
    return index >= 0 ? index + first : Number(text);
  };
  return (field ?? "").split(",").some((part) => {
    const [range = "", step = "1"] = part.split("/");
    if (range === "*") return value % Number(step) === 0;
    const [from = "", to = step === "1" ? from : "9999"] = range.split("-");
    return value >= numberOf(from) && value <= numberOf(to) && (value - numberOf(from)) % Number(step) === 0;
  });
}

function localTime(at: number, timeZone: string) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    weekday: "short",
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    year: Number(parts.year),
    month: Number(parts.month),
    day: Number(parts.day),
    hour: Number(parts.hour),
    minute: Number(parts.minute),
    weekday: DAYS.indexOf((parts.weekday ?? "").toLowerCase()) + 1,
  };
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
