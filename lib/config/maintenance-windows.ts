import type { MaintenanceWindow } from "../domain/application/maintenance-window.ts";
import type { MaintenanceWindowConfig } from "./maintenance-windows-config.ts";
import { type Occurrence, type Occurrences, parseRecurrence } from "./recurrence.ts";

/** What one application configures. */
export interface MaintenanceWindowsConfig {
  quietHours: readonly MaintenanceWindowConfig[];
  freezeWindows: readonly MaintenanceWindowConfig[];
}

type Recurring = Pick<MaintenanceWindow, "kind" | "name" | "timeZone"> & { occurrences: Occurrences };

/** Occurrences that touch or overlap are one; more in a row than this have no end that can be told. */
const MOST_IN_A_ROW = 400;

/**
 * Tells of any time the period it is in, null outside of all; of several, the one that ends last. Left out when none are
 * configured. It is asked every second, so an answer is kept for as long as it holds.
 */
export function maintenanceWindowOf(
  config: MaintenanceWindowsConfig,
): ((now: number) => MaintenanceWindow | null) | undefined {
  const all = [
    ...config.freezeWindows.map((entry) => recurring("freezeWindow", entry)),
    ...config.quietHours.map((entry) => recurring("quietHours", entry)),
  ].filter((each) => each !== null);
  if (all.length === 0) return undefined;
  let known: { from: number; until: number; period: MaintenanceWindow | null } | null = null;
  return (now) => {
    if (!known || now < known.from || now >= known.until) known = { ...holdsUntil(all, now), from: now };
    return known.period;
  };
}

function holdsUntil(all: readonly Recurring[], now: number): { until: number; period: MaintenanceWindow | null } {
  const periods = all.map((each) => periodAt(each, now)).filter((period) => period !== null);
  const period = periods.reduce<MaintenanceWindow | null>(
    (last, each) => (last && (last.until ?? Infinity) >= (each.until ?? Infinity) ? last : each),
    null,
  );
  const changes = [
    ...periods.map((each) => each.until ?? Infinity),
    ...all.map(({ occurrences }) => occurrences.next(now)?.from ?? Infinity),
  ];
  return { period, until: Math.min(...changes) };
}

function periodAt({ occurrences, ...period }: Recurring, now: number): MaintenanceWindow | null {
  const newest = occurrences.newest(now);
  if (!newest || newest.until <= now) return null;
  let end: number | null = newest.until;
  let last: Occurrence = newest;
  for (let count = 0; ; count += 1) {
    const next = occurrences.next(last.from);
    if (!next || next.from > end) break;
    last = next;
    end = Math.max(end, next.until);
    if (count < MOST_IN_A_ROW) continue;
    end = null;
    break;
  }
  return { ...period, from: newest.from, until: end };
}

function recurring(kind: MaintenanceWindow["kind"], entry: MaintenanceWindowConfig): Recurring | null {
  const parsed = parseRecurrence(entry);
  return parsed.ok ? { kind, name: entry.name, timeZone: entry.timeZone, occurrences: parsed.occurrences } : null;
}
