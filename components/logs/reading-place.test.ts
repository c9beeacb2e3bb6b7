import { expect, test } from "vitest";
import { parseLogFilter } from "@/lib/domain/observation/log-filter.ts";
import type { LogRow } from "./log-buffer.ts";
import { LogView } from "./log-view.ts";
import { countNewer, indexOfPlace } from "./reading-place.ts";

test("paused, only what is later than the last row counts as new: not what is loaded from the past", () => {
  const row = (id: string, at: number): LogRow => ({
    kind: "line",
    id,
    at,
    line: { id, at, slot: "green", taskId: "t", stream: "s", level: null, text: id },
  });
  const filter = parseLogFilter("-noise", { now: 0, clock: () => 0, maxSpentMs: 1 });
  const added = [row("past", 3), row("late", 9), row("new", 11), row("noise", 12)];
  expect(countNewer(added, row("last", 10), { slot: "both", filter })).toBe(1);
  expect(countNewer(added, undefined, { slot: "both", filter })).toBe(3);
});

test("a filter that is lifted leads back to what was looked at, and where that is left out to what is next to it", () => {
  const row = (i: number): LogRow => {
    const level = i % 100 === 0 ? "error" : "info";
    const line = { id: `r${i}`, at: 1000 + Math.floor(i / 2), slot: "blue", taskId: "t", stream: "s", level } as const;
    return { kind: "line", id: `r${i}`, at: line.at, line: { ...line, text: `line ${i}` } };
  };
  const all = Array.from({ length: 1200 }, (_, i) => row(i));
  const filterOf = (typed: string) => parseLogFilter(typed, { now: 0, clock: () => 0, maxSpentMs: 1 });
  const view = new LogView({ slot: "blue", filter: filterOf("") }, all);
  const at = (i: number) => view.rows[indexOfPlace(view.rows, row(i))]?.id;
  expect([at(600), at(601)]).toEqual(["r600", "r601"]);
  view.reset({ slot: "blue", filter: filterOf("level:error") }, all);
  expect([at(600), at(602), at(1199)]).toEqual(["r600", "r700", "r1100"]);
  view.reset({ slot: "blue", filter: filterOf("") }, all);
  expect([at(600), at(601), at(1199)]).toEqual(["r600", "r601", "r1199"]);
  expect(indexOfPlace([], row(600))).toBe(-1);
});
