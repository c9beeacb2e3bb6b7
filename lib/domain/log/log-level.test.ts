import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readLevelCorpus, scoreLevels } from "./level-corpus.ts";
import type { LevelRule } from "./level-rule.ts";
import type { LogLevel } from "./level-words.ts";
import { detectLevel } from "./log-level.ts";
import { toPlainText } from "./plain-text.ts";

const corpus = readLevelCorpus(readFileSync(new URL("./log-levels.txt", import.meta.url), "utf8"));

describe("detectLevel", () => {
  test.each<[string, LogLevel | null]>([
    ["2026-11-23T05:29:00.123Z  INFO 1 --- [           main] c.e.l.Application : Started in 3.2 seconds", "info"],
    ["05:29:00.123 [main] WARN  com.example.Foo - low on INFO", "warn"],
    ['{"level":"WARNING","message":"x ERROR y"}', "warn"],
    ['{"time":1,"level":30,"msg":"x"}', "info"],
    ['{"log.level": "debug", "message": "x"}', "debug"],
    ['{"message":"ERROR in text only"}', null],
    ["2026/11/23 [warn] slow", "warn"],
    ["GET /books 200 3ms slot=blue", null],
    ['{"version":"1.1","short_message":"x","level":3,"_level_name":"ERROR"}', "error"],
    ['{"version":"1.1","short_message":"x","level":4}', "warn"],
    ['{"version":"1.1","short_message":"x","level":6}', "info"],
    ['{"severityText":"ERROR","severityNumber":17,"body":"x"}', "error"],
    ["fail: Library.Api.Loans[0]", "error"],
    ["2026/11/29 17:00:01 [error] 31#31: x", "error"],
    ["[2026/11/29 17:00:01] [ warn] x", "warn"],
    ["E1129 17:00:01.120000 1 loans.go:17] x", "error"],
    [`{"message":"${"m".repeat(2100)}","level":"ERROR"}`, "error"],
    // Names of levels in Korean, where a level may stand.
    ["[오류] 대출 실패", "error"],
    ["[에러] 대출 실패", "error"],
    ["2026-11-29 17:00:01 [경고] 대출 지연", "warn"],
    ["[정보] 대출 완료: 오류 0건", "info"],
    ["심각: 대출 실패", "error"],
    ["11월 29, 2026 5:00:01 오후 com.example.Loans lend\n심각: 실패", "error"],
    ["11월 29, 2026 5:00:01 오후 com.example.Loans lend\n보다 미세: x", "trace"],
    ['{"level":"오류","message":"x"}', "error"],
    ["오류가 없습니다", null],
    // Levels one object further down, and objects as languages show them.
    ['{"log":{"syslog":{"severity":{"code":3,"name":"Error"}}},"message":"x"}', "error"],
    ['{"log":{"syslog":{"severity":{"code":4}}},"message":"x"}', "warn"],
    ['{"severityNumber":"SEVERITY_NUMBER_ERROR2","body":"x"}', "error"],
    ['{"severityText":"WARN3","body":"x"}', "warn"],
    ['{"context":{"level":"error"},"message":"x"}', "error"],
    ['{"message":{"level":"error","text":"x"}}', "error"],
    ['{"payload":{"level":3,"kind":"stair"}}', null],
    ['@cee: {"pri":"err","msg":"x"}', "error"],
    ["{'level': 'ERROR', 'message': 'x'}", "error"],
    ["{ level: 'warn', message: 'level: error' }", "warn"],
    ["{ message: 'level is low' }", null],
    // Letters and brackets of double width, and other languages' names.
    ["［ＥＲＲＯＲ］ 대출 실패", "error"],
    ["2026-11-29 17:00:01 【WARN】 대출 지연", "warn"],
    ["エラー: x", "error"],
    ["[警告] x", "warn"],
    ["错误: x", "error"],
    // Where else a level may stand.
    ["error - x", "error"],
    ["warn  - x", "warn"],
    ["error rate - x", null],
    ["DeprecationWarning: x", "warn"],
    ["[ERROR 2026-11-29T17:00:01] x", "error"],
    ["[Fatal Error] :1:1: x", "error"],
    ["### ERROR: x", "error"],
    ["level:error x", "error"],
    ['{"extra":{"level":"error"},"msg":"x"}', "error"],
    // A number in angle brackets is no priority of syslog's beyond its last facility.
    ["<191>x", "debug"],
    ["<192>x", null],
    ["<999>x", null],
    // An object that was wrapped into a string, or cut in two; colours whose escape was lost on the way.
    ['{"message":"{\\"level\\":\\"error\\"}"}', "error"],
    ['rest of it","level":"error","msg":"x"}', "error"],
    ["#033[31mERROR#033[0m x", "error"],
    // Members of others' objects, and numbers of other scales.
    ['{"filter":{"level":"error"}}', null],
    ['{"skill":{"level":50},"user":"ada"}', null],
    ['{"severityLevel":1,"message":"x"}', "info"],
    ["", null],
  ])("%.80s → %s", (text, level) => {
    expect(detectLevel(text)).toBe(level);
  });

  test("no line makes it search for minutes, whatever it is made of", () => {
    for (const piece of [
      "[",
      "<",
      "a.",
      "a=",
      "1:",
      "ERROR",
      '{"level":',
      "\\",
      '"',
      " -",
      "|",
      "\t",
      "(",
      "a | ",
      "a|",
      '"x",',
      "x[1] ",
      "🔴",
      "level: ",
      ',"level":"x"',
      "[31m",
      "{}",
      "\\t|",
      "host app[1] (x) ",
    ]) {
      const line = piece.repeat(Math.ceil(200_000 / piece.length));
      for (const text of [line, `2026-11-29 17:00:01 ${line}`, `{"level":${line}`]) detectLevel(text);
    }
  });
});

describe("the labelled corpus", () => {
  test("has at least 400 lines of at least 25 formats", () => {
    expect(corpus.length).toBeGreaterThanOrEqual(400);
    expect(new Set(corpus.map(({ format }) => format)).size).toBeGreaterThanOrEqual(25);
  });

  const scores = scoreLevels(corpus, (line) => detectLevel(toPlainText(line)));
  test.each(scores)("$level: precision and recall are at least 0.98", ({ precision, recall }) => {
    expect(precision).toBeGreaterThanOrEqual(0.98);
    expect(recall).toBeGreaterThanOrEqual(0.98);
  });
});

describe("an application's own rule", () => {
  const rule = (given: Partial<LevelRule>): LevelRule => ({ field: null, words: {}, otherwise: null, ...given });
  test.each<[string, LevelRule, LogLevel | null]>([
    ['{"kind":"FEHLER","msg":"x"}', rule({ field: "kind", words: { fehler: "error" } }), "error"],
    ['{"meta":{"sev":"9"},"level":"info"}', rule({ field: "meta.sev", words: { "9": "warn" } }), "warn"],
    ['{"sev":"ERROR","level":"info"}', rule({ field: "sev" }), "error"],
    ["at=12:00 sev=K msg=x", rule({ field: "sev", words: { k: "error" } }), "error"],
    ["12:00 오류 대출 실패", rule({ words: { 오류: "error" } }), "error"],
    ["nothing named", rule({ field: "sev", otherwise: "info" }), "info"],
    ["12:00 ERROR x", rule({ words: { 오류: "error" } }), "error"],
    ['{"level":"warn"}', rule({ field: "sev" }), "warn"],
  ])("%s", (line, own, level) => {
    expect(detectLevel(line, own)).toBe(level);
  });
});
