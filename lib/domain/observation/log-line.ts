import type { SlotColor } from "./slot.ts";

/** Loudest first. */
export const LOG_LEVELS = ["error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** One line that a task wrote: plain text by somebody else, to be shown and never interpreted. */
export interface LogLine {
  /** The same line has the same id however it was read. */
  id: string;
  /** Epoch ms. */
  at: number;
  /** Null when the line is the application's but its side is not known. */
  slot: SlotColor | null;
  taskId: string | null;
  /** Log stream name. */
  stream: string;
  /** Null where the line names none, as the lines of a stack trace. */
  level: LogLevel | null;
  text: string;
}

/** How lines arrive now. `failed` means not at all: the message says why. */
export type LogTailMode = "connecting" | "live" | "polling" | "failed";

/** What a viewer of logs receives; `type` is the name of the stream's event. */
export type LogEvent =
  | { type: "line"; lines: LogLine[] }
  /** Lines between the two times (epoch ms) are missing; `count` is null where nobody knows how many. */
  | { type: "gap"; from: number; to: number; count: number | null; reason: string }
  /** AWS sent only a sample of the lines of the second before `at`. */
  | { type: "sampled"; at: number; kept: number }
  | { type: "status"; mode: LogTailMode; message: string | null; at: number };

/** Longer lines are cut for display: a few of them can hold up a browser. */
export const MAX_LINE_LENGTH = 16_384;

const LEVEL_OF_WORD: Readonly<Record<string, LogLevel>> = {
  emerg: "error",
  alert: "error",
  panic: "error",
  fatal: "error",
  critical: "error",
  crit: "error",
  severe: "error",
  error: "error",
  err: "error",
  warn: "warn",
  warning: "warn",
  notice: "info",
  info: "info",
  information: "info",
  informational: "info",
  config: "debug",
  debug: "debug",
  fine: "debug",
  verbose: "debug",
  finer: "trace",
  finest: "trace",
  trace: "trace",
};

const JSON_LEVEL = /"(?:@?level|lvl|severity|severity_text|levelname|log\.level|loglevel)"\s*:\s*(?:"(\w+)"|(\d+))/i;
const LOGFMT_LEVEL = /(?:^|\s)(?:level|lvl|severity)=["']?(\w+)/i;
const WORDS =
  "EMERG|ALERT|PANIC|FATAL|CRITICAL|CRIT|SEVERE|ERROR|WARNING|WARN|NOTICE|INFO|DEBUG|FINEST|FINER|FINE|TRACE";
/** A level in capitals near the start, as Spring Boot, Logback and most others write it. */
const PLAIN_LEVEL = new RegExp(`(?:^|[\\s[(|<])(${WORDS})(?=$|[\\s\\]):|>,])`);
/** `[error]`, `error:` at the very start. */
const LOWER_LEVEL = new RegExp(`^\\s*(?:\\S+\\s+)?(?:\\[(${WORDS})\\]|(${WORDS}):)`, "i");

/** The level a line names, in Spring Boot's, JSON's, logfmt's or the usual plain layout; null when it names none. */
export function detectLevel(text: string): LogLevel | null {
  const head = text.slice(0, 2000);
  if (/^\s*\{/.test(head)) {
    const json = JSON_LEVEL.exec(head);
    if (json) return json[1] ? (LEVEL_OF_WORD[json[1].toLowerCase()] ?? null) : levelOfNumber(Number(json[2]));
    return null;
  }
  const logfmt = LOGFMT_LEVEL.exec(head);
  if (logfmt?.[1]) return LEVEL_OF_WORD[logfmt[1].toLowerCase()] ?? null;
  const start = head.slice(0, 120);
  const plain = PLAIN_LEVEL.exec(start) ?? LOWER_LEVEL.exec(start);
  const word = plain?.[1] ?? plain?.[2];
  return word === undefined ? null : (LEVEL_OF_WORD[word.toLowerCase()] ?? null);
}

/** Numbers as pino and bunyan write them. */
function levelOfNumber(level: number): LogLevel {
  if (level >= 50) return "error";
  if (level >= 40) return "warn";
  if (level >= 30) return "info";
  return level >= 20 ? "debug" : "trace";
}

const ESC = "\\u001b";
const ESCAPE_SEQUENCES = new RegExp(
  [
    `${ESC}\\][^\\u0007\\u001b]*(?:\\u0007|${ESC}\\\\|$)`, // operating system commands, as links and titles
    `${ESC}[PX^_][^\\u001b]*(?:${ESC}\\\\|$)`, // device control and other strings
    `(?:${ESC}\\[|\\u009b)[0-?]*[ -/]*[@-~]?`, // colours and cursor movement
    `${ESC}[ -/]*[0-~]?`,
  ].join("|"),
  "g",
);
// Directional overrides could make a line read differently from what it says.
const INVISIBLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** The line as plain text: terminal sequences and invisible controls removed, tabs and line breaks kept, long lines cut. */
export function toPlainText(raw: string): string {
  const isLong = raw.length > MAX_LINE_LENGTH;
  const text = (isLong ? raw.slice(0, MAX_LINE_LENGTH) : raw)
    .replace(ESCAPE_SEQUENCES, "")
    .replace(/\r\n?/g, "\n")
    .replace(INVISIBLE, (character) => (character === "\t" || character === "\n" ? character : ""))
    .trimEnd();
  return isLong ? `${text}… (${raw.length - MAX_LINE_LENGTH} more characters)` : text;
}
