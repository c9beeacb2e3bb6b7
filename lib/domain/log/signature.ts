import { readStackTrace } from "./stack-trace.ts";

const MAX_TEXT = 300;

/**
 * A line with what differs from one occurrence to the next taken out: times, numbers, ids, addresses, quoted values. A trace's is
 * that of its message and its root cause.
 */
export function signatureOf(text: string): string {
  const trace = readStackTrace(text);
  const told = trace ? `${trace.head} ${trace.cause ?? ""}` : text;
  return told
    .slice(0, MAX_TEXT)
    .normalize("NFC")
    .replace(/\b\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?/g, "#")
    .replace(/\b[\w.+-]+@[\w-]+\.[\w.-]+/g, "#")
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/gi, "#")
    .replace(/\b(?=\w*\d)[0-9a-f]{8,}\b/gi, "#")
    .replace(/\b(?:[0-9a-f]{1,4}:){3,}[0-9a-f:]*/gi, "#")
    .replace(/"[^"]*"|'[^']*'/g, '"#"')
    .replace(/\d+(?:\.\d+)*/g, "#")
    .replace(/\s+/g, " ")
    .trim();
}
