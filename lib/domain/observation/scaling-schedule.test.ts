import { expect, test } from "vitest";
import { nextRun } from "./scaling-schedule.ts";

/** A Monday. */
const NOW = Date.UTC(2026, 2, 2, 12, 0);
const OPEN = { startsAt: null, endsAt: null };

test.each<[schedule: string, timezone: string, next: string | null]>([
  ["cron(0 20 * * ? *)", "UTC", "2026-03-02T20:00"],
  ["cron(0 9 * * ? *)", "UTC", "2026-03-03T09:00"],
  ["cron(0 12 * * ? *)", "UTC", "2026-03-03T12:00"],
  ["cron(30 7 * * ? *)", "Asia/Seoul", "2026-03-02T22:30"],
  ["cron(0/15 * * * ? *)", "UTC", "2026-03-02T12:15"],
  ["cron(0 8 ? * MON-FRI *)", "UTC", "2026-03-03T08:00"],
  ["cron(0 8 ? * 7 *)", "UTC", "2026-03-07T08:00"],
  ["cron(0 8 1 JAN ? *)", "UTC", "2027-01-01T08:00"],
  ["cron(5,10 13 * * ? 2026)", "UTC", "2026-03-02T13:05"],
  ["cron(0 8 * * ? 2025)", "UTC", null],
  // Clocks in New York go on on 8 March: 08:00 there is 13:00 UTC before and 12:00 after.
  ["cron(0 8 ? * SUN *)", "America/New_York", "2026-03-08T12:00"],
  ["cron(0 8 ? * SAT *)", "America/New_York", "2026-03-07T13:00"],
  ["at(2026-03-02T20:00:00)", "UTC", "2026-03-02T20:00"],
  ["at(2026-03-02T20:00:00)", "Asia/Seoul", null],
  ["at(2026-03-02T22:00:00)", "Asia/Seoul", "2026-03-02T13:00"],
  ["at(2026-03-01T20:00:00)", "UTC", null],
  ["rate(5 minutes)", "UTC", null],
  ["cron(0 8 L * ? *)", "UTC", null],
  ["cron(0 8 ? * 2#1 *)", "UTC", null],
  ["cron(0 8 * * ? *)", "Mars/Olympus", null],
  ["every evening", "UTC", null],
])("%s in %s runs next at %s", (schedule, timezone, next) => {
  const at = nextRun({ schedule, timezone, ...OPEN }, NOW);
  expect(at === null ? null : new Date(at).toISOString().slice(0, 16)).toBe(next);
});

test("its first and last time bound it, and a rate counts from the first", () => {
  const at = (startsAt: number | null, endsAt: number | null, schedule = "cron(0 20 * * ? *)") =>
    nextRun({ schedule, timezone: "UTC", startsAt, endsAt }, NOW);
  expect(at(Date.UTC(2026, 2, 4), null)).toBe(Date.UTC(2026, 2, 4, 20));
  expect(at(null, Date.UTC(2026, 2, 2, 19))).toBeNull();
  expect(at(NOW - 90_000, null, "rate(1 minute)")).toBe(NOW + 30_000);
  expect(at(NOW + 5_000, null, "rate(1 day)")).toBe(NOW + 5_000);
});
