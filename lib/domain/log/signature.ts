import { cutText } from "../text/cut-text.ts";
import { readStackTrace } from "./stack-trace.ts";

const MAX_TEXT = 300;
/** A composed syllable comes of three letters at most. */
const LONGEST_DECOMPOSED = 4 * MAX_TEXT;
/** Of an object, what says what happened; what stands beside it differs from one time to the next. */
const MESSAGE_FIELDS = ["message", "msg", "error", "err", "exception", "log", "event", "reason"] as const;
const KIND_FIELDS = ["type", "name", "code", "class"] as const;

/**
 * A line with what differs from one occurrence to the next taken out: times, numbers, ids, addresses, quoted values. A trace's is
 * that of its message and its root cause, an object's that of its message and its error.
 */
export function signatureOf(text: string): string {
  const trace = text.includes("\n") ? readStackTrace(text) : null;
  const told = trace ? `${trace.head} ${trace.cause ?? ""}` : (messageOf(text) ?? text);
  // Composed before it is cut, or the same words would be cut in two places.
  const whole = cutText(told.slice(0, LONGEST_DECOMPOSED).normalize("NFC"), MAX_TEXT);
  return whole.replace(differsIn(whole), replaced).trim();
}

const TIME = /\b\d{4}-\d\d-\d\d[Tt ][\d:.,]+(?:[Zz]|[+-]\d\d:?\d\d)?/;
const MAIL = /\b[\w.+-]{1,64}@[\w-]+\.[\w.-]+/;
const UUID = /\b[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\b/;
const IPV6 = /\b(?:[0-9a-fA-F]{1,4}:){3,}[0-9a-fA-F:]*/;
const QUOTED = /"[^"]*"|'[^']*'/;
const SHORT_ID = /\b(?=[a-fA-F]*\d)[0-9a-fA-F]{8,}\b|\b(?=[a-fA-F]*\d)(?=\d*[a-fA-F])[0-9a-fA-F]{4,}\b/;
const NUMBER = /\d+(?:\.\d+)*/;
/** One space is as it should be: most blanks need no turn. */
const BLANKS = /\s{2,}|[^\S ]/;

/** In one pass, and the longest forms first. */
const inOnePass = (...forms: readonly RegExp[]) => new RegExp(forms.map(({ source }) => source).join("|"), "g");

/** Mail and IPv6 are tried at every word, so only on lines that have what they are made of; without, it takes half the time. */
const DIFFERS = {
  plain: inOnePass(TIME, UUID, QUOTED, SHORT_ID, NUMBER, BLANKS),
  mail: inOnePass(TIME, MAIL, UUID, QUOTED, SHORT_ID, NUMBER, BLANKS),
  ipv6: inOnePass(TIME, UUID, IPV6, QUOTED, SHORT_ID, NUMBER, BLANKS),
  both: inOnePass(TIME, MAIL, UUID, IPV6, QUOTED, SHORT_ID, NUMBER, BLANKS),
};

function differsIn(text: string): RegExp {
  const hasMail = text.includes("@");
  if (!hasThreeColons(text)) return hasMail ? DIFFERS.mail : DIFFERS.plain;
  return hasMail ? DIFFERS.both : DIFFERS.ipv6;
}

function hasThreeColons(text: string): boolean {
  let at = -1;
  for (let found = 0; found < 3; found++) {
    at = text.indexOf(":", at + 1);
    if (at < 0) return false;
  }
  return true;
}

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
