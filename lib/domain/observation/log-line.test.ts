import { describe, expect, test } from "vitest";
import { detectLevel, type LogLevel, MAX_LINE_LENGTH, toPlainText } from "./log-line.ts";

describe("detectLevel", () => {
  test.each<[string, LogLevel | null]>([
    ["2026-11-23T05:29:00.123Z  INFO 1 --- [           main] c.e.l.Application : Started in 3.2 seconds", "info"],
    ["2026-11-23 05:29:00.123 ERROR 1 --- [nio-8081-exec-1] o.a.c.c.C.[dispatcherServlet] : boom", "error"],
    ["05:29:00.123 [main] WARN  com.example.Foo - low on INFO", "warn"],
    ['{"level":"WARNING","message":"x ERROR y"}', "warn"],
    ['{"time":1,"level":30,"msg":"x"}', "info"],
    ['{"time":1,"level":60,"msg":"x"}', "error"],
    ['{"log.level": "debug", "message": "x"}', "debug"],
    ['{"severity":"CRITICAL"}', "error"],
    ['{"message":"ERROR in text only"}', null],
    ["ts=2026 level=error msg=boom", "error"],
    ['ts=2026 lvl="trace" msg=boom', "trace"],
    ["[error] 12#12: connect() failed", "error"],
    ["2026/11/23 [warn] slow", "warn"],
    ["error: cannot open", "error"],
    ["[ERROR] plain", "error"],
    ["SEVERE: old java", "error"],
    ["    at com.example.ErrorHandler.handle(ErrorHandler.java:12)", null],
    ["GET /books 200 3ms slot=blue", null],
    ["an error occurred while informing", null],
    ["", null],
  ])("%s → %s", (text, level) => {
    expect(detectLevel(text)).toBe(level);
  });
});

describe("toPlainText", () => {
  test.each([
    ["\u001b[1;31mred\u001b[0m and plain", "red and plain"],
    ["\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007", "link"],
    ["a\u001b[2Jb\u001b(Bc\u009b31md", "abcd"],
    ["unfinished \u001b[", "unfinished"],
    ["bell\u0007 null\u0000 tab\tkept", "bell null tab\tkept"],
    ["one\r\ntwo\n", "one\ntwo"],
    ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["safe\u202etxt.exe", "safetxt.exe"],
    ["심각한 오류 🚨", "심각한 오류 🚨"],
  ])("%j → %j", (raw, text) => {
    expect(toPlainText(raw)).toBe(text);
  });

  test("cuts a very long line and says by how much", () => {
    expect(toPlainText("x".repeat(MAX_LINE_LENGTH + 5))).toBe(`${"x".repeat(MAX_LINE_LENGTH)}… (5 more characters)`);
  });
});
