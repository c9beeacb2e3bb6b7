import { expect, test } from "vitest";
import { foldLines } from "./fold-lines.ts";
import type { LogRow } from "./log-buffer.ts";
import { LogBuffer } from "./log-buffer.ts";

let id = 0;
const row = (at: number, text: string, stream = "s", level: "error" | null = null): LogRow => {
  const own = `${++id}`;
  return { kind: "line", id: own, at, line: { id: own, at, slot: "blue", taskId: "t", stream, level, text } };
};
const texts = (rows: readonly LogRow[]) => rows.map((each) => (each.kind === "line" ? each.line.text : each.text));

test("a stack trace that comes line by line is one row; other streams' lines between it stay their own", () => {
  const rows = [
    row(1, "ERROR failed", "s", "error"),
    row(1, "java.lang.RuntimeException: outer"),
    row(2, "GET /books 200", "other"),
    row(2, "\tat a.B.c(D.java:1)"),
    row(3, "Caused by: java.io.IOException: 대출 실패"),
    row(3, "\t... 3 more"),
    row(4, "INFO next"),
  ];
  expect(texts(foldLines(rows))).toEqual([
    "ERROR failed\njava.lang.RuntimeException: outer\n\tat a.B.c(D.java:1)\nCaused by: java.io.IOException: 대출 실패\n\t... 3 more",
    "GET /books 200",
    "INFO next",
  ]);
});

test("a Python trace ends with its exception", () => {
  const rows = [
    row(1, "ERROR:root:failed", "s", "error"),
    row(1, "Traceback (most recent call last):"),
    row(1, '  File "a.py", line 1, in b'),
    row(1, "ValueError: x"),
    row(1, "next line"),
  ];
  expect(texts(foldLines(rows))).toHaveLength(2);
});

test("nothing goes on after a while, across streams, or without end", () => {
  expect(foldLines([row(1, "ERROR x", "s", "error"), row(5000, "\tat a.b(c)")])).toHaveLength(2);
  expect(foldLines([row(1, "ERROR x", "s", "error"), row(1, "\tat a.b(c)", "other")])).toHaveLength(2);
  const many = [
    row(1, "ERROR x", "s", "error"),
    ...Array.from({ length: 50 }, () => row(1, `\tat ${"x".repeat(4000)}`)),
  ];
  expect(foldLines(many).length).toBeGreaterThan(5);
});

test("lines that were folded are known when they come again", () => {
  const buffer = new LogBuffer();
  const rows = [row(1, "ERROR x", "s", "error"), row(1, "\tat a.b(c)")];
  buffer.add(foldLines(rows));
  expect(buffer.add(foldLines(rows.slice(1))).added).toEqual([]);
  expect(buffer.rows).toHaveLength(1);
});

test("colours of what was folded in stand where its text stands now", () => {
  const coloured = (made: LogRow): LogRow =>
    made.kind === "line" ? { ...made, line: { ...made.line, colours: [{ from: 1, to: 3, colour: "red" }] } } : made;
  const [folded] = foldLines([
    coloured(row(1, "ERROR failed", "s", "error")),
    coloured(row(1, "\tat a.B.c(D.java:1)")),
  ]);
  const line = folded?.kind === "line" ? folded.line : null;
  expect(line?.colours?.map(({ from, to }) => line.text.slice(from, to))).toEqual(["RR", "at"]);
});
