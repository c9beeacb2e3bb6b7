import { describe, expect, it } from "vitest";
import { inEnglish, inLanguage } from "@/lib/domain/sentence/in-language.ts";
import {
  ageSaid,
  coarseAgeSaid,
  fieldsAt,
  formatClock,
  formatDay,
  formatDuration,
  formatExact,
  formatMinute,
  formatNear,
  formatNearClock,
  secondsSaid,
} from "./format-time.ts";

describe("a time that is not today's", () => {
  const now = Date.UTC(2026, 10, 23, 17, 30);
  it.each([
    [Date.UTC(2026, 10, 23, 17, 26), "UTC", "17:26", "17:26:00"],
    [Date.UTC(2026, 10, 24, 17, 26), "UTC", "24 Nov 17:26", "24 Nov 17:26:00"],
    [Date.UTC(2026, 10, 22, 17, 26), "UTC", "22 Nov 17:26", "22 Nov 17:26:00"],
    [Date.UTC(2027, 10, 23, 17, 26), "UTC", "23 Nov 17:26", "23 Nov 17:26:00"],
  ] as const)("says its day: %i in %s", (at, zone, minute, clock) => {
    expect([formatNear(at, now, "en", zone), formatNearClock(at, now, "en", zone)]).toEqual([minute, clock]);
  });
});

describe("ages", () => {
  it.each([
    [-500, "0.0 s"],
    [0, "0.0 s"],
    [849, "0.8 s"],
    [9_990, "9.9 s"],
    [10_000, "10 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [3_600_000, "1 h"],
    [47 * 3_600_000, "47 h"],
    [6 * 86_400_000, "6 d"],
  ])("says %i ms as %s", (ms, words) => expect(inEnglish(ageSaid(ms))).toBe(words));

  it("drops the decimals where a column is slow", () => {
    expect(inEnglish(coarseAgeSaid(8_400))).toBe("8 s");
    expect(inEnglish(coarseAgeSaid(84_000))).toBe("1 min");
  });
});

describe("durations", () => {
  it.each([
    [20_000, "0:20"],
    [112_000, "1:52"],
    [3_723_000, "1:02:03"],
    [-1, "0:00"],
  ])("says %i ms as %s", (ms, words) => expect(formatDuration(ms)).toBe(words));

  it("gives a verification two decimals below a second and one below ten", () => {
    expect(inEnglish(secondsSaid(118))).toBe("0.12 s");
    expect(inEnglish(secondsSaid(4_240))).toBe("4.2 s");
    expect(inEnglish(secondsSaid(62_400))).toBe("62 s");
  });
});

describe("exact times", () => {
  const at = Date.UTC(2026, 10, 23, 3, 2, 14, 123);
  it("follows the zone and says which one it is", () => {
    expect(formatClock(at, "UTC")).toBe("03:02:14");
    expect(formatMinute(at, "UTC")).toBe("03:02");
    expect(formatExact(at, "UTC")).toBe("2026-11-23 03:02:14.123 UTC");
    expect(formatDay(at, "en", "UTC")).toBe("23 Nov 03:02");
  });

  it.each([
    [540, "2026-11-23", "12:02:14", "GMT+9"],
    [330, "2026-11-23", "08:32:14", "GMT+5:30"],
    [-210, "2026-11-22", "23:32:14", "GMT-3:30"],
    [-30, "2026-11-23", "02:32:14", "GMT-0:30"],
    [0, "2026-11-23", "03:02:14", "UTC"],
  ])("%i minutes ahead of UTC", (offset, date, clock, zone) =>
    expect(fieldsAt(at, offset)).toMatchObject({ date, clock, zone }),
  );

  it("is the reader's own where no zone is given, as the browser writes it", () => {
    const own = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", hourCycle: "h23" }).format(at);
    expect(formatClock(at)).toBe(own);
  });
});

describe("in Korean", () => {
  const at = Date.UTC(2026, 10, 30, 9, 32);
  it("says days and ages as Korean writes them, and clocks as everywhere", () => {
    expect(formatDay(at, "ko", "UTC")).toBe("11월 30일 09:32");
    expect(formatNear(at, at + 86_400_000, "ko", "UTC")).toBe("11월 30일 09:32");
    expect(formatNearClock(at, at + 86_400_000, "ko", "UTC")).toBe("11월 30일 09:32:00");
    expect(formatNear(at, at, "ko", "UTC")).toBe("09:32");
    expect([849, 60_000, 3_600_000, 6 * 86_400_000].map((ms) => inLanguage(ageSaid(ms), "ko"))).toEqual([
      "0.8초",
      "1분",
      "1시간",
      "6일",
    ]);
  });
});
