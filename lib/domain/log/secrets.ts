import { type Sentence, say } from "../sentence/sentence.ts";
import { undisguise } from "./disguised-text.ts";
import type { SafePattern } from "./safe-pattern.ts";
import { isCardNumber, isResidentNumber } from "./secret-numbers.ts";

/** One kind of secret that is taken out of a line before it is stored or leaves the server. */
interface SecretRule {
  name: string;
  /** What it finds, in words. */
  about: Sentence;
  /** Everything but the groups `before` and `after` is masked; no part of it goes back over more than a few hundred characters. */
  pattern: RegExp;
  /** Where the form alone does not tell. */
  isSecret?(found: string): boolean;
}

/** A rule of an application's own. */
export interface OwnSecretRule {
  name: string;
  pattern: SafePattern;
}

const value = "[A-Za-z0-9_-]";

/** In the order in which they are looked for. */
const SECRET_RULES: readonly SecretRule[] = [
  {
    name: "private key",
    about: say("secretRule.privateKey"),
    pattern:
      /(?<before>-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)[\s\S]*?(?<after>-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----|$)|^(?=[^\s]*[A-Z])(?=[^\s]*[a-z])(?=[^\s]*\d)[A-Za-z0-9+/]{64}$/g,
  },
  { name: "AWS key id", about: say("secretRule.awsKeyId"), pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  {
    name: "AWS signature",
    about: say("secretRule.awsSignature"),
    pattern: /(?<before>X-Amz-(?:Signature|Security-Token|Credential)=)[^\s&"']+/gi,
  },
  { name: "JSON web token", about: say("secretRule.jsonWebToken"), pattern: /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g },
  {
    name: "vendor token",
    about: say("secretRule.vendorToken"),
    pattern: new RegExp(
      [
        "\\bgh[opusr]_[A-Za-z0-9]{20,}|\\bgithub_pat_\\w{20,}",
        `\\bgl(?:pat|dt|rt|cbt)-${value}{16,}|\\bxox[abeoprs]-${value}{10,}|\\bxapp-${value}{10,}`,
        `\\b[rs]k_(?:live|test)_\\w{10,}|\\bwhsec_\\w{16,}|\\bsk-${value}{20,}|\\bAIza${value}{35}|\\bya29\\.${value}{20,}`,
        `\\bswy_${value}{43}|\\bnpm_[A-Za-z0-9]{36}|\\bSG\\.${value}{16,}\\.${value}{16,}|\\bhf_\\w{30,}|\\bdop_v1_[a-f0-9]{64}`,
        `\\bsq0[a-z]{3}-${value}{22,}|\\bshp(?:at|ca|pa|ss)_[a-f0-9]{32}|\\bGOCSPX-${value}{20,}`,
        "(?<before>https://hooks\\.slack\\.com/(?:services|workflows)/)\\S+",
        "(?<before2>https://discord(?:app)?\\.com/api/webhooks/)\\S+",
        "(?<before3>\\b(?:AccountKey|SharedAccessKey|SharedAccessSignature|sig)=)[\\w%+/=-]{16,}",
      ].join("|"),
      "g",
    ),
  },
  {
    name: "authorization",
    about: say("secretRule.authorization"),
    pattern:
      /(?<before>\b(?:proxy-)?authorization\\{0,3}["']?\s{0,8}[:=]\s{0,8}\\{0,3}["']?(?:(?:bearer|basic|token|digest|negotiate|apikey|aws4-hmac-sha256)\s+)?)[^\s"'\\,;}]{4,}(?:[^\n"'\\}]*Signature=[a-f0-9]+)?|(?<before2>\b(?:bearer|basic)\s+)(?=[\w.~+/-]*[\d=_.])[\w.~+/-]{12,}={0,2}/gi,
  },
  {
    name: "cookie",
    about: say("secretRule.cookie"),
    pattern: /(?<before>\b(?:set-)?cookie\\{0,3}["']?\s{0,8}:\s{0,8}\\{0,3}["']?)[^"'\n\r\\]{4,}/gi,
  },
  {
    name: "password in a URL",
    about: say("secretRule.passwordInAUrl"),
    pattern:
      /(?<before>\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'<>]{0,100}:)[^\s"'/<>]{1,200}(?<after>@)|(?<before2>\bjdbc:oracle:\w{1,10}:[^\s/@"']{1,100}\/)[^\s@"']{1,200}(?<after2>@)/gi,
  },
  {
    name: "resident number",
    about: say("secretRule.residentNumber"),
    pattern: /(?<![\d-])\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?[-‐–—]?\s?[1-8]\d{6}(?![\d-])/g,
    isSecret: isResidentNumber,
  },
  {
    name: "card number",
    about: say("secretRule.cardNumber"),
    pattern: /(?<![\d-])\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{4}(?![\d-])/g,
    isSecret: isCardNumber,
  },
];

/** Names whose value is a secret whatever it looks like, and those where it has to look like one. */
const ALWAYS =
  "pass(?:word|wd|phrase|code)?|pwd|secret|(?:api|access|private|secret|signing|encryption|master)[_-]?key|client[_-]?secret|credentials?|비밀번호|암호|패스워드";
const IF_LIKE_ONE = "token|session[_-]?id|sessionid|jsessionid|phpsessid|otp|auth|nonce|signature|주민(?:등록)?번호";
const ASSIGNED = new RegExp(
  `(?:(${ALWAYS})|(${IF_LIKE_ONE}))(?:_?(?:hash|value|text|plain))?(?:\\\\{0,3}["']?\\s{0,8}(?:=>|:=|[:=>])\\s{0,8}|(?<=--[\\w-]{0,40})\\s{1,4})`,
  "gi",
);
const NO_SECRET =
  /^(?:null|nil|none|true|false|undefined|empty|yes|no|on|off|required|missing|invalid|expired|\*+|x{3,}|\[masked: .*)$/i;
/** What a secret is cut off at where no quotes say its end. */
const BARE = /[^\s"'\\,;&<>)}\]]{1,500}/y;
const NAMED = "named secret";

/** Names of all that is masked, with words, as pages and documents show them. */
export const SECRET_RULE_WORDS: readonly { name: string; about: Sentence }[] = [
  ...SECRET_RULES.map(({ name, about }) => ({ name, about })),
  {
    name: NAMED,
    about: say("secretRule.namedSecret"),
  },
];

/** What stands in the place of a secret. */
const mark = (name: string) => `[masked: ${name}]`;

/**
 * The text without the secrets that the rules find, each replaced by its rule's name; twice comes to the same. Where one is found
 * only behind terminal sequences, unseen characters or escapes, the text is answered without those.
 */
export function maskSecrets(text: string, own: readonly OwnSecretRule[] = []): string {
  const masked = maskAsWritten(text, own);
  const plain = undisguise(masked);
  if (plain === null) return masked;
  const found = maskAsWritten(plain, own);
  return found === plain ? masked : found;
}

function maskAsWritten(text: string, own: readonly OwnSecretRule[]): string {
  let masked = text;
  for (const { name, pattern, isSecret } of SECRET_RULES)
    masked = masked.replace(pattern, (found: string, ...rest: unknown[]) => {
      if (isSecret && !isSecret(found)) return found;
      const kept = rest.at(-1);
      const part = (group: string) => (isGroups(kept) ? (kept[group] ?? "") : "");
      const before = part("before") || part("before2") || part("before3");
      if (/^[\s"'\\]*\[masked:/.test(found.slice(before.length))) return found;
      return `${before}${mark(name)}${part("after") || part("after2")}`;
    });
  masked = maskNamed(masked);
  for (const rule of own) masked = maskOwn(masked, rule);
  return masked;
}

function maskNamed(text: string): string {
  let result = "";
  let done = 0;
  for (const match of text.matchAll(ASSIGNED)) {
    const from = match.index + match[0].length;
    if (from < done) continue;
    const found = valueAt(text, from);
    if (!found || NO_SECRET.test(found.text) || (match[1] === undefined && !looksSecret(found.text))) continue;
    result += `${text.slice(done, found.start)}${mark(NAMED)}`;
    done = found.start + found.text.length;
  }
  return result + text.slice(done);
}

/** The value that begins there, without its quotes, which may be escaped; null for none, and for objects and lists. */
function valueAt(text: string, from: number): { start: number; text: string } | null {
  const quote = /\\{0,3}["']/y;
  quote.lastIndex = from;
  const [open] = quote.exec(text) ?? [];
  if (open !== undefined) {
    const start = from + open.length;
    const limit = Math.min(text.length, start + 2000);
    let end = start;
    while (end < limit && !text.startsWith(open, end) && text[end] !== "\n")
      end += text[end] === "\\" && open.length === 1 ? 2 : 1;
    return end > start ? { start, text: text.slice(start, Math.min(end, text.length)) } : null;
  }
  BARE.lastIndex = from;
  const [bare] = BARE.exec(text) ?? [];
  if (bare === undefined || /^[[{(]/.test(bare)) return null;
  return { start: from, text: bare };
}

/** Long, and no word: "token: expired" stays. */
const looksSecret = (text: string) =>
  text.length >= 8 && /\d|[A-Z].*[A-Z].*[a-z]|[+/=_]/.test(text) && !/\s/.test(text);

/** Of one line; a rule that finds this many finds everything. */
const MOST_FOUND = 50;

function maskOwn(text: string, { name, pattern }: OwnSecretRule): string {
  let result = "";
  let done = 0;
  for (let count = 0; count < MOST_FOUND; count++) {
    const found = pattern.find(text, done);
    if (!found) break;
    result += `${text.slice(done, found.start)}${mark(name)}`;
    done = found.end;
  }
  return result + text.slice(done);
}

const isGroups = (value: unknown): value is Record<string, string | undefined> =>
  typeof value === "object" && value !== null;

/** Whether a secret was taken out of this text. */
export const isMasked = (text: string): boolean => /\[masked: [^\]\n]{1,60}\]/.test(text);

/** How often each rule masked something in these texts, most first. */
export function countMasked(texts: Iterable<string>): { name: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const [, name = ""] of text.matchAll(/\[masked: ([^\]\n]{1,60})\]/g))
      counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
}
