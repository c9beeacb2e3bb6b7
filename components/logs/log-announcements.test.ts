import { expect, test } from "vitest";
import { parseLogFilter } from "@/lib/domain/observation/log-filter.ts";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { errorsSaid, matchSaid } from "./log-announcements.ts";
import type { LogRow } from "./log-buffer.ts";

test.each([
  [0, "both", "No line matches level:error"],
  [0, "blue", "No line of blue matches level:error"],
  [1, "both", "1 line matches level:error"],
  [38, "green", "38 lines of green match level:error"],
] as const)("%i rows of %s are told as: %s", (count, slot, words) => {
  expect(inEnglish(matchSaid(count, slot, "level:error"))).toBe(words);
});

test("who follows errors alone hears the newest of them, and nobody else hears anything", () => {
  const row = (id: string, level: "error" | "info", text: string): LogRow => ({
    kind: "line",
    id,
    at: 0,
    line: { id, at: 0, slot: "green", taskId: "t", stream: "s", level, text },
  });
  const rows = [row("a", "error", "boom"), row("b", "error", "대출 실패\n\tat a.B"), row("c", "info", "fine")];
  const told = (typed: string, added: readonly LogRow[]) => {
    const filter = parseLogFilter(typed, { now: 0, clock: () => 0, maxSpentMs: 1 });
    const words = errorsSaid(added, { slot: "both", filter });
    return words && inEnglish(words);
  };
  expect(told("level:error", rows)).toBe("2 new errors, the last in green: 대출 실패");
  expect(told("level:error", rows.slice(0, 1))).toBe("New error in green: boom");
  expect(told("level:error", rows.slice(2))).toBeNull();
  expect(told("", rows)).toBeNull();
  expect(told("boom", rows)).toBeNull();
});
