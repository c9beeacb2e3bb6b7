import { expect, test } from "vitest";
import { fixesOf } from "../testing/fixes-of.ts";
import { logSettingsOf, logsSchema } from "./logs-config.ts";

test("fills in what is left out, and reads words of levels in any case", () => {
  const parsed = logsSchema.parse({ green: ["/ecs/green"], level: { words: { FEHLER: "error" } } });
  expect(logSettingsOf(parsed)).toEqual({
    groups: [],
    sides: { blue: [], green: ["/ecs/green"] },
    streamPrefixes: [],
    level: { field: null, words: { fehler: "error" }, otherwise: null },
  });
  expect(logSettingsOf(null)).toBeNull();
  const mask = [{ name: "member number", pattern: "M-\\d{6}" }];
  expect(logSettingsOf(logsSchema.parse({ mask }))?.mask).toEqual(mask);
});

test.each([
  [{ groups: ["/ecs/library:*"] }, /give a log group's name/],
  [{ streamPrefixes: ["ecs/*"] }, /beginning of a log stream's name/],
  [{ streamPrefixes: Array.from({ length: 101 }, (_, n) => `p${n}`) }, /100 prefixes or fewer/],
  [{ level: { words: { x: "loud" } } }, /choose one of error, warn/],
  [{ level: { otherwise: "loud" } }, /choose one of error, warn/],
  [{ levels: {} }, /give { groups, blue/],
  [{ mask: [{ name: "x", pattern: "(?=a)" }] }, /ahead or back/],
  [{ mask: [{ name: "a]b", pattern: "x" }] }, /without square brackets/],
])("refuses %j and says what to give", (given, message) => {
  expect(fixesOf(logsSchema.safeParse(given).error)).toMatch(message);
});
