import { levelInJson } from "./json-level.ts";
import { type LevelRule, levelByRule } from "./level-rule.ts";
import { type LogLevel, levelOfPriority, levelOfWord } from "./level-words.ts";
import { levelInHeader } from "./line-header.ts";

/** Formats that are told by how a line begins. */
const BEGINNINGS: readonly { pattern: RegExp; level: (match: RegExpExecArray) => LogLevel | null }[] = [
  // klog, glog and CockroachDB: "E1129 17:00:01.120000 1 loans.go:17] x"
  { pattern: /^([IWEF])(?:\d\d|\d{4})?\d{4} \d\d:\d\d:\d\d/, level: ([, letter]) => levelOfWord(letter) },
  // Ruby's Logger: "E, [2026-11-29T17:00:01.123456 #31] ERROR -- : x"
  { pattern: /^([DIWEFA]), \[/, level: ([, letter]) => (letter === "A" ? "info" : levelOfWord(letter)) },
  // Redis: "1:M 29 Nov 2026 17:00:01.123 # x"
  {
    pattern: /^\d+:[XCSM] \d\d? \w{3} (?:\d{4} )?[\d:.]+ ([.\-*#]) /,
    level: ([, mark]) => (mark === "#" ? "warn" : mark === "*" ? "info" : "debug"),
  },
  // logrus on a terminal: "ERRO[0000] x"
  { pattern: /^(PANI|FATA|ERRO|WARN|INFO|DEBU|TRAC)\[\d{4,}\]/, level: ([, word]) => levelOfWord(word) },
  // Erlang and OTP: "=ERROR REPORT==== 29-Nov-2026"
  {
    pattern: /^=(ERROR|CRASH|SUPERVISOR|WARNING|NOTICE|INFO|PROGRESS|DEBUG) REPORT====/,
    level: ([, word]) => (word === "CRASH" || word === "SUPERVISOR" ? "error" : (levelOfWord(word) ?? "info")),
  },
  {
    pattern: /^npm (ERR!|error|WARN|warn|notice|info|http|verb|sill)(?=\s|$)/,
    level: ([, word]) => npmLevel(word ?? ""),
  },
  { pattern: /^(?:\(node:\d+\) (?:\[\w+\] )?|\S{1,200}\.py:\d+: )\w*Warning: /, level: () => "warn" },
  // java.util.logging writes the level on its second line
  {
    pattern: /^\w{3} \d{1,2}, \d{4} [^\n]{1,300}\n(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): /,
    level: ([, word]) => levelOfWord(word),
  },
  // The same where Java speaks Korean: "11월 29, 2026 5:00:01 오후 com.example.Loans lend", and "심각: x" below
  {
    pattern: /^\d{1,2}월 \d{1,2}, \d{4} [^\n]{1,300}\n(심각|경고|정보|구성|(?:보다 |가장 )?미세): /,
    level: ([, word]) => levelOfWord(word),
  },
  // swift-log: "2026-11-29T17:00:01+0000 error library : x"
  {
    pattern: /^\d{4}-\d\d-\d\dT\S{8,24} (critical|error|warning|notice|info|debug|trace) \S{1,80} ?:/,
    level: ([, word]) => levelOfWord(word),
  },
  // Tornado, Jupyter and Passenger: "[E 261129 17:00:01 web:1871] x"
  { pattern: /^\[ ?([CEWNID]) (?:\d{6}|\d{4}-\d\d-\d\d)? ?\d\d:\d\d:\d\d/, level: ([, letter]) => levelOfWord(letter) },
  // MongoDB before 4.4: "2026-11-29T17:00:01.123+0000 E NETWORK  [conn1] x"
  {
    pattern: /^\d{4}-\d\d-\d\dT[\d:.]+(?:[+-]\d{4}|Z) ([FEWID])\d? +[A-Z-]+ +\[/,
    level: ([, letter]) => levelOfWord(letter),
  },
  // A program and its level in one word: "log4j:WARN x", "SLF4J(W): x", "prisma:error x"
  {
    pattern: /^(?:[\w.-]{2,40}:(ERROR|WARN|INFO|DEBUG|TRACE|FATAL)|prisma:(error|warn|info|query)|SLF4J\(([EWID])\):) /,
    level: ([, capitals, small, letter]) => (small === "query" ? "debug" : levelOfWord(capitals ?? small ?? letter)),
  },
  // TensorFlow: "2026-11-29 17:00:01.123456: E tensorflow/x.cc:271] x"
  {
    pattern: /^\d{4}-\d\d-\d\d [\d:.]{8,15}: ([EWIF]) [^\s:]{1,200}:\d+\] /,
    level: ([, letter]) => levelOfWord(letter),
  },
  // WebSphere: "[11/29/26 17:00:01:123 KST] 00000031 WebApp        E   SRVE0293E: x"
  {
    pattern: /^\[\d{1,2}\/\d{1,2}\/\d\d,? [^\]]{8,40}\] [0-9a-f]{8} \S{1,120} +([FEWAICD123])\s/,
    level: ([, letter = ""]) => (letter === "A" || letter === "C" ? "info" : (levelOfWord(letter) ?? "trace")),
  },
  // Open Liberty: "[AUDIT   ] CWWKF0011I: x"
  { pattern: /^\[AUDIT +\] /, level: () => "info" },
  // Julia and Zig: "[ Info: x", "info(library): x"
  { pattern: /^[[┌] (Info|Warning|Error|Debug): /, level: ([, word]) => levelOfWord(word) },
  { pattern: /^(error|warning|info|debug)\([\w.:-]{1,40}\): /, level: ([, word]) => levelOfWord(word) },
  // Heroku's router: "heroku[router]: at=error code=H12"
  { pattern: /\bheroku\[\w+\]: at=(error|warning|info) /, level: ([, word]) => levelOfWord(word) },
  // Counts: "info: 1, warn: 2, error: 3"
  { pattern: /^\s*(?:[\w-]{1,20}: ?\d{1,12}(?:[,;] ?|\s*$)){2,}$/, level: () => null },
  // Android: "11-29 17:00:01.123  31  42 E library: x", "E/library(31): x"
  {
    pattern: /^(?:\d\d:\d\d:[\d.]{2,8} )?([VDIWEF])\/[\w.-]{1,60}(?:\( *\d+\))?: /,
    level: ([, letter]) => (letter === "V" ? "trace" : levelOfWord(letter)),
  },
  {
    pattern: /^\d\d-\d\d [\d:.]{8,16} +\d+ +\d+ ([VDIWEF]) /,
    level: ([, letter]) => (letter === "V" ? "trace" : levelOfWord(letter)),
  },
  // PostgreSQL's CSV, by the SQLSTATE behind the level
  {
    pattern: /^\d{4}-\d\d-\d\d [\d:.]+ \w+,.{0,300}?,(PANIC|FATAL|ERROR|WARNING|NOTICE|LOG|INFO|DEBUG\d?),[\dA-Z]{5},/,
    level: ([, word]) => (word === "LOG" ? "info" : levelOfWord(word)),
  },
  // Kubernetes' events as kubectl lists them: "4m  Warning  BackOff  pod/library-0  x"
  {
    pattern: /^(?:\d{1,4}[smhd]){1,2}(?: \(x\d+ over [\dsmhd]+\))?\s+(?:\d+\s+)?(Warning|Normal)\s/,
    level: ([, word]) => (word === "Warning" ? "warn" : "info"),
  },
  // What runtimes write as they die
  {
    pattern:
      /^(?:Exception in thread "|Uncaught \w|Unhandled exception[. ]|Unhandled rejection |UnhandledPromiseRejection|Segmentation fault|\*\*\* stack smashing|terminate called |Killed$)/,
    level: () => "error",
  },
  // Lambda: what its runtime says of a function that did not end well
  {
    pattern:
      /^\S+Z [\da-f-]{36} Task timed out after |^(?:START |RequestId: )?\S*\s?(?:RequestId: )?[\da-f-]{36} Error: /,
    level: () => "error",
  },
  // Next.js before 14: "error - x", "warn  - x"
  { pattern: /^(error|warn|info|debug|trace|오류|경고|정보)\s{1,4}- /, level: ([, word]) => levelOfWord(word) },
  { pattern: /^\w{1,40}Warning: /, level: () => "warn" },
  { pattern: /^\[Fatal Error\] /, level: () => "error" },
  { pattern: /^(?:OpenJDK|Java HotSpot\(TM\)) [^:]{0,60} warning: /, level: () => "warn" },
  {
    pattern: /^(?:#?\s*[Ff]atal error(?:: | in )|thread '[^']{0,80}' (?:\(\d+\) )?panicked at )/,
    level: () => "error",
  },
  { pattern: /^\s*(?:⨯|✖|❌)\s/u, level: () => "error" },
  { pattern: /^\s*⚠\uFE0F?\s/u, level: () => "warn" },
];

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
const KEY_FIRST = /^\s*(?:[\w-]+: )?[\w.@-]+=/;
const PAIR = /(?:^|[\s,{[])([\w.@-]+)=(?:["']((?:[^"'\\]|\\.)*)["']|([^\s"',}\]]*))/g;
const LOGFMT_KEYS = new Set(["level", "lvl", "severity", "loglevel", "log_level", "log.level", "levelname", "@level"]);
const ENVIRONMENT = /^LOG_?LEVEL$/;
/** A line is looked through this far for what is no JSON. */
const MAX_TEXT = 4000;

/**
 * The level that a line of plain text names, in the formats that people run; null where it names none, as lines of a stack trace
 * and of access logs do. A named level counts before a number. `rule` is the application's own, and comes first.
 */
export function detectLevel(text: string, rule?: LevelRule): LogLevel | null {
  const own = rule && levelByRule(text, rule);
  if (own) return own;
  const [carrier = "", name = ""] = CARRIERS.exec(text) ?? [];
  // "ERROR | x" names its level itself.
  const carried = carrier !== "" && !levelOfWord(name) ? levelOfLine(text.slice(carrier.length)) : null;
  return carried ?? levelOfLine(text);
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
  const head = asLatin(text.slice(0, MAX_TEXT));
  if (ACCESS.test(head)) return null;
  for (const { pattern, level } of BEGINNINGS) {
    const match = pattern.exec(head);
    if (match) return level(match);
  }
  const php = PHP.exec(head) ?? PHP_PLAIN.exec(head);
  if (php) return phpLevel(php[1] ?? "");
  return KEY_FIRST.test(head) ? (levelInPairs(head) ?? levelInText(text, head)) : levelInText(text, head);
}

function levelInText(text: string, head: string): LogLevel | null {
  const priority = LEADING_PRIORITY.exec(head);
  const rest = priority ? head.slice(priority[0].length) : head;
  const named = levelInHeader(rest) ?? levelInPairs(rest);
  if (named) return named;
  const brace = text.indexOf("{");
  // What a name and "=" stand before is a value that is printed, not the line's own members.
  const inJson =
    brace > 0 && brace < 300 && text[brace - 1] !== "=" ? levelInJson(text.slice(brace), detectLevel) : undefined;
  return inJson ?? (priority ? levelOfPriority(Number(priority[1]) % 8) : null);
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

function npmLevel(word: string): LogLevel {
  if (word === "ERR!") return "error";
  if (word === "verb" || word === "sill") return word === "verb" ? "debug" : "trace";
  return word === "http" ? "info" : (levelOfWord(word) ?? "info");
}
