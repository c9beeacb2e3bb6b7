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
const QUOTED = /"[^"]*"|'[^']*'|`[^`]*`|“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』|《[^》]*》/;
/** "29/Nov/2026:17:00:01 +0000", "Sun Nov 29 17:00:01 2026" */
const DAY =
  /\b\d{1,2}[/ -](?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[/ -]\d{4}(?:[: ][\d:.]{8,15})?(?: [+-]\d{4})?|\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2}\b(?: [\d:.]{8,15})?(?:,? \d{4}\b)?/;
/** ULIDs and what else has digits between its letters; a pod's own part of its name; addresses. */
const ID = /\b0x[0-9a-fA-F]+\b|(?<=-)[0-9a-f]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b|\b(?=\w*\d[A-Za-z_]+\d)\w{8,}\b/;
const BASE64 = /\b(?=[A-Za-z]*[0-9+/])[A-Za-z0-9+/]{10,}={1,2}(?![\w=])/;
const SHORT_ID = /\b(?=[a-fA-F]*\d)[0-9a-fA-F]{8,}\b|\b(?=[a-fA-F]*\d)(?=\d*[a-fA-F])[0-9a-fA-F]{4,}\b/;
const NUMBER = /(?:(?<=^|[\s(=[:,])-)?[\d０-９]+(?:[.,][\d０-９]+)*(?:[eE][+-]?\d+\b)?/;
/** One space is as it should be: most blanks need no turn. */
const BLANKS = /\s{2,}|[^\S ]/;

const BLANK = /\s/;
const QUOTES = "\"'`“‘「『《";

/** All in one pass. */
const inOnePass = (...forms: readonly RegExp[]) => new RegExp(forms.map(({ source }) => source).join("|"), "g");

const MONTH = /(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[/ -]/;
/** Some are tried only on lines that have what they are made of; without, it takes half the time. */
const SELDOM: readonly { form: RegExp; mayBeIn(text: string): boolean }[] = [
  { form: DAY, mayBeIn: (text) => MONTH.test(text) },
  { form: MAIL, mayBeIn: (text) => text.includes("@") },
  { form: IPV6, mayBeIn: hasThreeColons },
  { form: BASE64, mayBeIn: (text) => text.includes("=") },
];
const byForms = new Map<number, RegExp>();
/** What the quicker choice of forms has to come to. */
export const EVERY_FORM = formsOf((1 << SELDOM.length) - 1);

function differsIn(text: string): RegExp {
  let forms = 0;
  for (const [n, { mayBeIn }] of SELDOM.entries()) if (mayBeIn(text)) forms |= 1 << n;
  const known = byForms.get(forms) ?? formsOf(forms);
  byForms.set(forms, known);
  return known;
}

/** The longest forms first. */
function formsOf(forms: number): RegExp {
  const [day = [], mail = [], ipv6 = [], base64 = []] = SELDOM.map(({ form }, n) => (forms & (1 << n) ? [form] : []));
  return inOnePass(TIME, ...day, ...mail, UUID, ...ipv6, QUOTED, ...base64, ID, SHORT_ID, NUMBER, BLANKS);
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
  const first = found[0] ?? "";
  if (QUOTES.includes(first)) return '"#"';
  return BLANK.test(first) ? " " : "#";
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
