import { shifted } from "@/lib/domain/log/ansi.ts";
import { isContinuation } from "@/lib/domain/log/stack-trace.ts";
import type { LogRow } from "./log-buffer.ts";

/** Lines of one trace are written within moments. */
const WITHIN_MS = 2000;
/** What a row may grow to. */
const MAX_CHARACTERS = 32_768;

/** Lines that go on with the one before them in the same stream become one row with it, whose id is the first one's. */
export function foldLines(rows: readonly LogRow[]): LogRow[] {
  const folded: LogRow[] = [];
  const heads = new Map<string, number>();
  for (const row of [...rows].sort((a, b) => a.at - b.at)) {
    const at = row.kind === "line" ? heads.get(row.line.stream) : undefined;
    const head = at === undefined ? undefined : folded[at];
    if (at === undefined || row.kind !== "line" || head?.kind !== "line" || !goesOn(head, row)) {
      folded.push(row);
      if (row.kind === "line") heads.set(row.line.stream, folded.length - 1);
      continue;
    }
    const before = head.line.text.length + 1;
    const colours = [...(head.line.colours ?? []), ...shifted(row.line.colours ?? [], -before)];
    const line = {
      ...head.line,
      text: `${head.line.text}\n${row.line.text}`,
      ...(colours.length > 0 ? { colours } : {}),
    };
    folded[at] = { ...head, line, folded: [...(head.folded ?? []), row.id] };
  }
  return folded;
}

function goesOn(head: Extract<LogRow, { kind: "line" }>, row: Extract<LogRow, { kind: "line" }>): boolean {
  if (row.at - head.at > WITHIN_MS || head.line.text.length + row.line.text.length > MAX_CHARACTERS) return false;
  // An exception's own name stands between its message and its frames.
  const isException = /^(?:[\w$]+\.)+[\w$]*(?:Error|Exception)\b/.test(row.line.text) && head.line.level === "error";
  // Python ends a trace with the exception, which stands at the line's beginning again.
  const isPythonEnd =
    /^[\w.]+(?:Error|Exception|Exit|Interrupt)\b/.test(row.line.text) && head.line.text.includes("\nTraceback (");
  return row.line.level === null && (isContinuation(row.line.text) || isException || isPythonEnd);
}
