import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import { LogRowView } from "./log-row.tsx";

const MARKUP = '<img src=x onerror="window.__ran=1">';
const TRACE = [
  "2026-11-29 17:00:01 ERROR c.e.Loans : 대출 실패",
  "\tat com.example.Loans.lend(Loans.java:42)",
  "Caused by: java.net.ConnectException: Connection refused",
  "\t... 20 more",
].join("\n");

function render(line: Partial<LogLine>, given: { isOpen?: boolean; isNarrow?: boolean } = {}): string {
  const whole: LogLine = {
    id: "1",
    at: 0,
    slot: "blue",
    taskId: "3e91c0d2",
    stream: "s",
    level: null,
    text: "x",
    ...line,
  };
  return markupOf(
    <LogRowView
      row={{ kind: "line", id: "1", at: 0, line: whole }}
      withSlot
      isOpen={given.isOpen ?? false}
      isNarrow={given.isNarrow ?? false}
      isTarget={false}
      onToggle={() => {}}
    />,
  );
}

test("closed, a trace says what happened, why, and how much there is; opened, its root cause comes first", () => {
  const closed = render({ text: TRACE, level: "error" });
  expect(closed).toContain("대출 실패 ⟵ java.net.ConnectException: Connection refused (3 more lines)");
  expect(closed).not.toContain("Loans.java:42");
  const opened = render({ text: TRACE, level: "error" }, { isOpen: true });
  expect(opened.indexOf("Root cause: java.net.ConnectException")).toBeLessThan(opened.indexOf("Loans.java:42"));
  expect(opened).toContain('aria-expanded="true"');
});

test("JSON opens as a tree of lists and details, and none of it is ever markup", () => {
  const text = JSON.stringify({
    level: "warn",
    html: MARKUP,
    request: { headers: { a: 1 } },
    padding: "p".repeat(100),
  });
  const opened = render({ text }, { isOpen: true });
  expect(opened).toMatch(/<ul.*<details open="">.*request.*<details>.*headers/s);
  for (const html of [opened, render({ text: MARKUP }), render({ text: `${TRACE}\n${MARKUP}` }, { isOpen: true })]) {
    expect(html).toContain("&lt;img src=x");
    expect(html).not.toContain("<img");
  }
});

test("on a phone a loud level is said in words, and a side that nobody knows on every screen", () => {
  for (const level of ["error", "warn"] as const)
    expect(render({ level }, { isNarrow: true })).toContain(level.toUpperCase());
  for (const isNarrow of [true, false]) expect(render({ slot: null }, { isNarrow })).toContain("side unknown");
});

test("a line's time is a link to it", () => {
  expect(render({})).toContain('href="?at=0&amp;line=1"');
});

test("a terminal's colours are known classes around text, also behind a time that has its own column", () => {
  const text = "2026-11-29T17:00:01Z INFO <b>done</b> in 3 ms";
  const at = text.indexOf("<b>");
  const colours = [{ from: at, to: at + 11, colour: "red", bold: true } as const];
  const html = render({ text, level: "info", colours });
  expect(html).toContain('<span class="text-ansi-red font-semibold">&lt;b&gt;done&lt;/b&gt;</span> in 3 ms');
  // Of a server that was tampered with nothing but text gets through.
  const evil = [{ from: -5, to: 1e9, colour: '"><script>' as never }];
  expect(render({ text, level: "info", colours: evil })).not.toContain("<script");
});
