/** A stack trace as it is read: what happened, why at the bottom of it, and where. */
export interface StackTrace {
  /** The line that was logged. */
  head: string;
  /** The innermost cause, where the trace names another than the head. */
  cause: string | null;
  /** Lines behind the head. */
  lines: number;
}

/** Lines that go on with what the line before them began, by the languages that write them so. */
const CONTINUATIONS: readonly RegExp[] = [
  /^\s+at\s\S/, // Java, Node, .NET
  /^\s*\.\.\. \d+ (?:more|common frames omitted)/,
  /^(?:Caused by|Suppressed): /,
  /^\s+(?:Caused by|Suppressed): /,
  /^\s+File ".+", line \d+/, // Python
  /^Traceback \(most recent call last\):/,
  /^(?:The above exception was the direct cause|During handling of the above exception)/,
  /^\s*---> /, // .NET's inner exceptions
  /^\s+--- End of /,
  /^goroutine \d+ \[/, // Go
  /^created by \S/,
  /^\t\S+:\d+/,
  /^#\d+ \S/, // PHP
  /^(?:Stack trace:|\{main\}|\s+thrown in )/,
  /^Next \S+: /,
  /^\s+from \S+:\d+/, // Ruby
  /^\s+\[cause\]: /, // Node
  /^\s{4,}\S/, // what stands far in goes on, as source lines do
];

/** Whether the line goes on with the one before it. */
export function isContinuation(text: string): boolean {
  const start = text.slice(0, 300);
  return CONTINUATIONS.some((pattern) => pattern.test(start));
}

/** A message of an exception by its name: "ValueError: x", "java.io.IOException: x". */
const EXCEPTION = /^(?:[\w$]+\.)*[\w$]*(?:Error|Exception|Exit|Interrupt|Warning|Iteration|Failure)\b(?::.*)?$/;

/** Reads a text of several lines as a stack trace; null where it is none. */
export function readStackTrace(text: string): StackTrace | null {
  const rows = text.split("\n").map((row) => row.trimEnd());
  const head = rows[0] ?? "";
  const rest = rows.slice(1);
  if (rest.length === 0 || ![head, ...rest].some(isContinuation)) return null;
  const cause = causeOf(rows);
  return { head, cause: cause !== null && !head.includes(cause) ? cause : null, lines: rest.length };
}

/** Whether a text of several lines is an exception with its trace and nothing before it, as a program writes that nobody caught. */
export function isBareTrace(text: string): boolean {
  const head = text.slice(0, Math.max(0, text.indexOf("\n"))).trimEnd();
  const isException =
    head.startsWith("Traceback (most recent call last):") || (EXCEPTION.test(head) && !/Warning\b/.test(head));
  return isException && readStackTrace(text) !== null;
}

/** The innermost cause: Java, .NET and Node name it last, Python and PHP first. */
function causeOf(rows: readonly string[]): string | null {
  const named = rows.flatMap((row) => /^\s*(?:Caused by: |---> |\[cause\]: )(.+)$/.exec(row)?.[1] ?? []);
  const last = named.at(-1);
  if (last) return last.replace(/\s*\{$/, "");
  const traceback = rows.findIndex((row) => row.startsWith("Traceback (most recent call last):"));
  if (traceback >= 0) return rows.slice(traceback + 1).find((row) => /^\S/.test(row) && EXCEPTION.test(row)) ?? null;
  const php = rows.findIndex((row) => row.startsWith("Stack trace:"));
  if (php > 0 && rows.some((row) => row.startsWith("Next "))) return rows[php - 1] ?? null;
  return null;
}
