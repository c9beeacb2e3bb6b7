import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MaintenanceWindowsConfig, maintenanceWindowOf } from "./maintenance-windows.ts";
import type { MaintenanceWindowConfig } from "./maintenance-windows-config.ts";

const NIGHTS: MaintenanceWindowConfig = {
  name: "nights",
  start: "2026-01-05T22:00",
  timeZone: "Europe/Berlin",
  rrule: "FREQ=DAILY",
  duration: "PT8H",
};

function at(iso: string, config: Partial<MaintenanceWindowsConfig>) {
  const period = maintenanceWindowOf({ quietHours: [], freezeWindows: [], ...config })?.(Date.parse(iso));
  return period && { name: period.name, until: period.until === null ? null : new Date(period.until).toISOString() };
}

describe("quiet hours and freeze windows", () => {
  test.each<[string, string, Partial<MaintenanceWindowsConfig>, string | null]>([
    ["in the evening, winter time", "2026-02-01T21:00Z", { quietHours: [NIGHTS] }, "2026-02-02T05:00:00.000Z"],
    ["a moment before", "2026-02-01T20:59:59.999Z", { quietHours: [NIGHTS] }, null],
    ["the end is outside", "2026-02-02T05:00:00.000Z", { quietHours: [NIGHTS] }, null],
    ["in the evening, summer time", "2026-07-01T20:30Z", { quietHours: [NIGHTS] }, "2026-07-02T04:00:00.000Z"],
    [
      "over the night in which an hour is left out: eight hours all the same",
      "2026-03-29T00:00Z",
      { quietHours: [NIGHTS] },
      "2026-03-29T05:00:00.000Z",
    ],
    ["before the first", "2026-01-01T22:30Z", { quietHours: [NIGHTS] }, null],
    [
      "Fridays only, on a Friday",
      "2026-11-27T20:00Z",
      { quietHours: [{ ...NIGHTS, start: "2026-01-02T18:00", rrule: "FREQ=WEEKLY;BYDAY=FR", duration: "P2DT12H" }] },
      "2026-11-30T05:00:00.000Z",
    ],
    [
      "Fridays only, on a Thursday",
      "2026-11-26T20:00Z",
      { quietHours: [{ ...NIGHTS, start: "2026-01-02T18:00", rrule: "FREQ=WEEKLY;BYDAY=FR", duration: "P2DT12H" }] },
      null,
    ],
    [
      "once, inside",
      "2026-12-24T12:00Z",
      { freezeWindows: [{ ...NIGHTS, name: "holidays", start: "2026-12-20T00:00", rrule: null, duration: "P14D" }] },
      "2027-01-02T23:00:00.000Z",
    ],
    [
      "once, after it",
      "2027-01-02T23:00Z",
      { freezeWindows: [{ ...NIGHTS, name: "holidays", start: "2026-12-20T00:00", rrule: null, duration: "P14D" }] },
      null,
    ],
    [
      "occurrences that touch are one",
      "2026-02-02T12:00Z",
      { quietHours: [{ ...NIGHTS, rrule: "FREQ=DAILY;COUNT=40", duration: "PT24H" }] },
      "2026-02-14T21:00:00.000Z",
    ],
    ["without an end that can be told", "2026-02-02T12:00Z", { quietHours: [{ ...NIGHTS, duration: "P1D" }] }, null],
  ])("%s", (_when, iso, config, until) => {
    const period = at(iso, config);
    if (_when.startsWith("without an end")) expect(period).toEqual({ name: "nights", until: null });
    else expect(period?.until ?? null).toBe(until);
  });

  test("of several that hold, the one that ends last is named", () => {
    const config = {
      quietHours: [NIGHTS],
      freezeWindows: [{ ...NIGHTS, name: "week", start: "2026-02-01T00:00", rrule: null, duration: "P7D" }],
    };
    expect(at("2026-02-01T22:00Z", config)?.name).toBe("week");
  });

  test("none configured: nothing is asked", () => {
    expect(maintenanceWindowOf({ quietHours: [], freezeWindows: [] })).toBeUndefined();
  });

  test("an answer that is kept is the one that is worked out anew, at any time and in any order", () => {
    const config = {
      quietHours: [
        NIGHTS,
        { ...NIGHTS, name: "lunch", start: "2026-01-05T12:00", rrule: "FREQ=WEEKLY;BYDAY=MO,WE", duration: "PT1H" },
      ],
      freezeWindows: [{ ...NIGHTS, name: "holidays", start: "2026-12-20T00:00", rrule: null, duration: "P14D" }],
    };
    const kept = maintenanceWindowOf(config);
    const year = Date.parse("2026-01-01T00:00Z");
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 366 * 24 * 60 }), { maxLength: 20 }), (minutes) => {
        for (const minute of minutes) {
          const now = year + minute * 60_000;
          const period = kept?.(now) ?? null;
          expect(period).toEqual(maintenanceWindowOf(config)?.(now) ?? null);
          if (period) expect(period.from <= now && now < (period.until ?? Infinity)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
