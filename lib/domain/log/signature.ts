import { readStackTrace } from "./stack-trace.ts";

const MAX_TEXT = 300;
/** Of an object, what says what happened; what stands beside it differs from one time to the next. */
const MESSAGE_FIELDS = ["message", "msg", "error", "err", "exception", "log", "event", "reason"] as const;
const KIND_FIELDS = ["type", "name", "code", "class"] as const;

/**
 * A line with what differs from one occurrence to the next taken out: times, numbers, ids, addresses, quoted values. A trace's is
 * that of its message and its root cause, an object's that of its message and its error.
 */
export function signatureOf(text: string): string {
  const trace = text.includes("\n") ? readStackTrace(text) : null;
  const told = (trace ? `${trace.head} ${trace.cause ?? ""}` : (messageOf(text) ?? text)).slice(0, MAX_TEXT);
  return told.normalize("NFC").replace(DIFFERS, replaced).trim();
}

/** In one pass, and the longest forms first: times, addresses of mail, ids, IPv6, what is quoted, short ids, numbers, blanks. */
const DIFFERS = new RegExp(
  [
    /\b\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z|[+-]\d\d:?\d\d)?/,
    /\b[\w.+-]{1,64}@[\w-]+\.[\w.-]+/,
    /\b[0-9a-f]{8}-[0-9a-f-]{27}\b/,
    /\b(?:[0-9a-f]{1,4}:){3,}[0-9a-f:]*/,
    /"[^"]*"|'[^']*'/,
    /\b(?=[a-f]*\d)[0-9a-f]{8,}\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{4,}\b/,
    /\d+(?:\.\d+)*/,
    /\s+/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gi",
);

function replaced(found: string): string {
  const first = found.charCodeAt(0);
  // A quote, a blank.
  if (first === 0x22 || first === 0x27) return '"#"';
  return first <= 0x20 || first === 0xa0 || first > 0x7f ? " " : "#";
}

/** What an object or a line of logfmt says happened; null for another line, and where it does not say. */
function messageOf(text: string): string | null {
  if (/^\s*\{/.test(text)) {
    try {
      return told(JSON.parse(text), 0);
    } catch {
      return null;
    }
  }
  if (!text.includes("msg=") && !text.includes("message=")) return null;
  const [, said, bare] = /(?:^|\s)(?:msg|message)=(?:"((?:[^"\\]|\\.)*)"|(\S+))/.exec(text) ?? [];
  return said ?? bare ?? null;
}

function told(value: unknown, depth: number): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  if (typeof value !== "object" || value === null || depth > 2) return null;
  const members = new Map(Object.entries(value));
  const parts = [...(depth > 0 ? KIND_FIELDS : []), ...MESSAGE_FIELDS].flatMap(
    (name) => told(members.get(name), depth + 1) ?? [],
  );
  return parts.length > 0 ? parts.join(" ") : null;
}
