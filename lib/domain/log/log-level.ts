import { levelInJson } from "./json-level.ts";
import { type LevelRule, levelByRule } from "./level-rule.ts";
import { type LogLevel, levelOfPriority, levelOfWord } from "./level-words.ts";
import { levelByBeginning } from "./line-beginnings.ts";
import { levelInHeader } from "./line-header.ts";
import { isBareTrace } from "./stack-trace.ts";

/** PHP's own words, wherever a server repeats them. */
const PHP =
  /\bPHP (Fatal error|Parse error|Core error|Compile error|Recoverable fatal error|Warning|Deprecated|Notice|Strict Standards): /;
/** The same on a terminal, where PHP leaves its name out. */
const PHP_PLAIN =
  /^\s*(Fatal error|Parse error|Recoverable fatal error|Warning|Deprecated|Notice): .{0,2000} (?:on line \d+|in \S+:\d+)$/m;
/** What carries a line from one place to another: a container runtime, Compose, kubectl. */
const CARRIERS =
  /^(?:\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d) (?:stdout|stderr) [FP] |\[pod\/[^\]]{1,200}\] |([\w.-]{1,80})\s*\| )(?=\S)/;
/** Access logs in the common format, whatever fields follow. */
const ACCESS = /^\S+ \S+ \S+ \[\d\d\/\w{3}\/\d{4}:[^\]]+\] "/;
/** Syslog's facilities end at 23, so that no priority is above 191. */
const LEADING_PRIORITY = /^<(\d{1,2}|1[0-8]\d|19[01])>(?:1 )?/;
/** Behind it, as RFC 5424 has them: time, host, program, process, message id, and data in brackets. */
const SYSLOG_FIELDS =
  /^\d{4}-\S{1,40} \S{1,255} \S{1,48} \S{1,128} \S{1,32} (?:-|(?:\[[^\]]{0,400}\]){1,9}) (?:\uFEFF)?(?=\S+\s)/;
/** The same as IIS and CloudFront have it: date, time, the client, and what it asked for. */
const ACCESS_FIELDS =
  /^\d{4}-\d\d-\d\d\s[\d:]{8}\s(?:W3SVC\d+\s\S+\s|[A-Z]{3}\d+-[A-Z]\d+\s\d+\s)?[\d.:a-f]{3,45}\s(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s/;
const KEY_FIRST = /^\s*(?:[\w-]+: )?[\w가-힣.@-]+=/;
const PAIR = /(?:^|[\s,{[])([\w가-힣.@-]+)=(?:["']((?:[^"'\\]|\\.)*)["']|([^\s"',}\]|]*))/g;
const LOGFMT_KEYS = new Set([
  "level",
  "lvl",
  "severity",
  "loglevel",
  "log_level",
  "log.level",
  "levelname",
  "@level",
  "레벨",
  "로그레벨",
]);
/** Keys that many use for other things: only words that are nothing but levels count, and only where nothing else tells. */
const LOOSE_KEYS = /(?:^|\s)(?:type|kind)=["']?(fatal|critical|error|warn|warning|info|debug|trace)["']?(?=\s|$)/i;
const ENVIRONMENT = /^LOG_?LEVEL$/;
/** Colours, also those whose escape was written out, or lost, on the way. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what colours begin with.
const LOST_COLOURS = /(?:\u001b|\\x1b|\\u001b|\\033|\\e|#033|\^\[|␛)?\[\d{1,3}(?:;\d{1,3}){0,4}m/g;
/** The rest of an object that something cut in two. */
const REST_OF_JSON = /^[^{]{0,4000},\s*"(?:level|severity|levelname|log\.level)"\s*:\s*"([^"{]{1,20})"[^{]*\}\s*$/;
/** A line is looked through this far for what is no JSON. */
const MAX_TEXT = 4000;

/**
 * The level that a line of plain text names, in the formats that people run; null where it names none, as lines of a stack trace
 * and of access logs do; an exception whose whole trace is one event is an error. A named level counts before a number. `rule` is the application's own, and comes first.
 */
export function detectLevel(text: string, rule?: LevelRule): LogLevel | null {
  const own = rule && levelByRule(text, rule);
  if (own) return own;
  const [carrier = "", name = ""] = CARRIERS.exec(text) ?? [];
  // "ERROR | x" names its level itself.
  const carried = carrier !== "" && !levelOfWord(name) ? levelOfLine(text.slice(carrier.length)) : null;
  return carried ?? levelOfLine(text) ?? (isBareTrace(text.slice(0, MAX_TEXT)) ? "error" : null);
}

/** Full-width letters and East Asian brackets, as the same letters and brackets. */
function asLatin(text: string): string {
  if (!/[\u3010-\u3015\uff01-\uff5e]/.test(text)) return text;
  return text
    .normalize("NFKC")
    .replaceAll(/[【〔〖]/g, "[")
    .replaceAll(/[】〕〗]/g, "]");
}

function levelOfLine(text: string): LogLevel | null {
  const start = /^\s*/.exec(text)?.[0].length ?? 0;
  if (text[start] === "{") {
    const json = levelInJson(text, detectLevel);
    if (json !== undefined) return json;
  }
  // What a logger wrapped into a string, or escaped
  if (/^(?:"\{|\{)\\"/.test(text)) {
    const inner = text.replace(/^"|"\s*$/g, "").replaceAll('\\"', '"');
    if (inner.startsWith("{")) return levelInJson(inner, detectLevel) ?? null;
  }
  const head = asLatin(text.slice(0, MAX_TEXT)).replace(LOST_COLOURS, "");
  if (ACCESS.test(head) || ACCESS_FIELDS.test(head)) return null;
  const begun = levelByBeginning(head);
  if (begun !== undefined) return begun;
  const php = PHP.exec(head) ?? PHP_PLAIN.exec(head);
  if (php) return phpLevel(php[1] ?? "");
  return KEY_FIRST.test(head) ? (levelInPairs(head) ?? levelInText(text, head)) : levelInText(text, head);
}

function levelInText(text: string, head: string): LogLevel | null {
  const priority = LEADING_PRIORITY.exec(head);
  const rest = priority ? head.slice(priority[0].length).replace(SYSLOG_FIELDS, "") : head;
  const named = levelInHeader(rest) ?? levelInPairs(rest);
  if (named) return named;
  const inRest = head.endsWith("}") ? levelOfWord(REST_OF_JSON.exec(head)?.[1]) : null;
  if (inRest) return inRest;
  const brace = text.indexOf("{");
  // What a name and "=" stand before is a value that is printed, not the line's own members.
  const inJson =
    brace > 0 && brace < 300 && text[brace - 1] !== "=" ? levelInJson(text.slice(brace), detectLevel) : undefined;
  if (inJson) return inJson;
  if (priority) return levelOfPriority(Number(priority[1]) % 8);
  return KEY_FIRST.test(head) ? levelOfWord(LOOSE_KEYS.exec(head)?.[1]) : null;
}

/** logfmt's level; what stands inside of a quoted value is none. */
function levelInPairs(text: string): LogLevel | null {
  for (const [, key = "", quoted, bare] of text.matchAll(PAIR)) {
    // LOG_LEVEL=debug is how the environment sets one.
    if (ENVIRONMENT.test(key) || !LOGFMT_KEYS.has(key.toLowerCase())) continue;
    const level = levelOfWord(quoted ?? bare);
    if (level) return level;
  }
  return null;
}

function phpLevel(word: string): LogLevel {
  if (word.toLowerCase().endsWith("error")) return "error";
  return word === "Warning" || word === "Deprecated" ? "warn" : "info";
}
