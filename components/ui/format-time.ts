/** How old something is, in one unit: "0.8 s", "42 s", "4 min", "5 h", "6 d". Never negative. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** An age without decimals, for columns of slow things: "8 s", "4 min". */
export function formatCoarseAge(ms: number): string {
  return ms < 10_000 ? `${Math.floor(Math.max(0, ms) / 1000)} s` : formatAge(ms);
}

/** How long something took or has left, as a clock: "0:20", "1:52", "1:02:03". */
export function formatDuration(ms: number): string {
  const total = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${seconds}` : `${minutes}:${seconds}`;
}

/** A measured time with the precision a proof needs: "0.12 s", "4.2 s", "62 s". */
export function formatSeconds(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return `${Math.round(seconds)} s`;
}

/** Making a formatter is slow and log rows need many. */
const formatters = new Map<string | undefined, Intl.DateTimeFormat>();

function formatterFor(timeZone: string | undefined): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
    timeZoneName: "shortOffset",
  });
  formatters.set(timeZone, made);
  return made;
}

function parts(at: number, timeZone: string | undefined): Record<string, string> {
  return Object.fromEntries(
    formatterFor(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
}

/** "12:02:14" in the zone; the zone is the reader's own when undefined. */
export function formatClock(at: number, timeZone?: string): string {
  const p = parts(at, timeZone);
  return `${p.hour}:${p.minute}:${p.second}`;
}

/** "12:02" in the zone. */
export function formatMinute(at: number, timeZone?: string): string {
  return formatClock(at, timeZone).slice(0, 5);
}

/** "12:02" in the zone; on another day than that of `now` with its day, "23 Nov 12:02". */
export function formatNear(at: number, now: number, timeZone?: string): string {
  return isSameDay(at, now, timeZone) ? formatMinute(at, timeZone) : formatDay(at, timeZone);
}

/** "12:02:14" in the zone; on another day than that of `now` with its day, "23 Nov 12:02:14". */
export function formatNearClock(at: number, now: number, timeZone?: string): string {
  const clock = formatClock(at, timeZone);
  return isSameDay(at, now, timeZone) ? clock : `${dayOf(at, timeZone)} ${clock}`;
}

function isSameDay(at: number, now: number, timeZone: string | undefined): boolean {
  const [a, b] = [parts(at, timeZone), parts(now, timeZone)];
  return a.day === b.day && a.month === b.month && a.year === b.year;
}

function dayOf(at: number, timeZone: string | undefined): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, day: "numeric", month: "short" }).format(at);
}

/** "2026-11-23 12:02:14.123 GMT+9": for hover and copies. */
export function formatExact(at: number, timeZone?: string): string {
  const p = parts(at, timeZone);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}.${p.fractionalSecond} ${p.timeZoneName}`;
}

/** "23 Nov 12:02" in the zone. */
export function formatDay(at: number, timeZone?: string): string {
  return `${dayOf(at, timeZone)} ${formatMinute(at, timeZone)}`;
}
