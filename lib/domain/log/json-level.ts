import { LEVEL_MEMBERS, LIKE_A_LEVEL, SURE_MEMBERS } from "./level-members.ts";
import { LOG_LEVELS, type LogLevel, levelOfWord } from "./level-words.ts";

type Fields = Readonly<Record<string, unknown>>;
/** Longer lines are not read as JSON: CloudWatch's own bound is 1 MB. */
const MAX_JSON = 1_100_000;

/** Members that many use for other things: only words that are nothing but levels count. Datadog has `status`. */
const LOOSE = [
  "status",
  "type",
  "kind",
  "category",
  "logtype",
  "log_type",
  "messagetype",
  "message_type",
  "msgtype",
  "eventtype",
  "entrytype",
  "tag",
  "class",
] as const;
const STATUS_WORDS = new Set([
  "emerg",
  "fatal",
  "err",
  "alert",
  "critical",
  "error",
  "warn",
  "warning",
  "notice",
  "info",
  "information",
  "debug",
  "trace",
]);
/** Members that hold the level's own members, or a line as it was before something wrapped it. */
const NESTED = ["log", "logger", "log_info", "record", "event", "fields", "info", "_meta"] as const;
/** How OpenTelemetry's exporters wrap records: the loudest of them counts. */
const OTLP = ["resourcelogs", "scopelogs", "logrecords", "resource_logs", "scope_logs", "log_records"] as const;
/** The same, but numbers in them may be anything. */
const ATTRIBUTES = [
  ...[
    "attributes",
    "meta",
    "metadata",
    "properties",
    "data",
    "context",
    "extra",
    "payload",
    "jsonPayload",
    "message",
    "msg",
  ],
  ...["detail", "details", "labels", "tags", "app", "header"],
] as const;
/** What collectors add to a line: it is in `log`, or in `message`. */
const WRAPPERS = [
  "container_id",
  "container_name",
  "stream",
  "source",
  "kubernetes",
  "ecs_cluster",
  "ecs_task_arn",
  "ecs_task_definition",
] as const;
/** Members that hold a line as it was before something wrapped it, whoever did. */
const LINES = ["message", "msg", "log"] as const;
/** An object as text, or a level that stands by itself before anything else: "ERROR: x", "[WARN] x". */
const NAMES_ITS_LEVEL = /^(?:\{|(?:\[ ?)?(?:FATAL|ERROR|WARN|WARNING|INFO|DEBUG|TRACE)(?: ?\]|: | \| ))/;
const MESSAGE_WRAPPERS = ["kubernetes", "source_type", "agent"] as const;

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours that a logger wrote into a value
const COLOURS = /\u001b\[[0-9;]*m/g;

/**
 * The level that an object names: null where it names none, undefined where the text is no JSON object. A line that something
 * wrapped into an object is looked at by `ofText`.
 */
export function levelInJson(text: string, ofText: (line: string) => LogLevel | null): LogLevel | null | undefined {
  if (text.length > MAX_JSON) return levelInBrokenJson(text);
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? levelOfFields(value, ofText) : undefined;
  } catch {
    // An object in front of a line of text: {"traceId":"5a1"} ERROR x
    if (/^\s*\{[^{}\n]{0,200}\}[ \t]+\S/.test(text)) return undefined;
    if (/^\s*\{\s*"/.test(text)) return levelInBrokenJson(text);
    return /^\s*\{\s*(?:'|[\w$]+:\s)/.test(text) ? levelInBrokenJson(text, SHOWN) : undefined;
  }
}

function levelOfFields(fields: Fields, ofText: (line: string) => LogLevel | null): LogLevel | null {
  const level = namedLevel(fields);
  if (level) return level;
  for (const name of NESTED) {
    const inner = fields[name];
    const found = isFields(inner) ? namedLevel(inner) : null;
    if (found) return found;
  }
  // Kibana: {"type":"log","tags":["error","plugins"],…}
  if (fields.type === "log" && Array.isArray(fields.tags))
    for (const tag of fields.tags) if (typeof tag === "string" && levelOfWord(tag)) return levelOfWord(tag);
  for (const name of ATTRIBUTES) {
    const inner = fields[name];
    const found = isFields(inner) ? namedLevel(inner, false) : null;
    if (found) return found;
  }
  const record = loudestRecord(fields);
  if (record) return record;
  // Kubernetes' events: {"kind":"Event","type":"Warning","reason":"BackOff",…}
  if (fields.kind === "Event" && (fields.type === "Warning" || fields.type === "Normal"))
    return fields.type === "Warning" ? "warn" : "info";
  // Lambda's platform events: {"type":"platform.report","record":{"status":"timeout"}}
  const inner = isFields(fields.record) ? fields.record : fields;
  if (typeof fields.type === "string" && fields.type.startsWith("platform."))
    return ["error", "failure", "timeout"].includes(String(inner.status)) ? "error" : null;
  // Serilog's compact format leaves out the level of most of its lines, which is Information.
  if ("@t" in fields && ("@mt" in fields || "@m" in fields) && !("@l" in fields)) return "info";
  // MongoDB: {"t":{"$date":"…"},"s":"E","c":"NETWORK",…}
  if ("t" in fields && "c" in fields && "s" in fields) return levelOfWord(String(fields.s).replace(/\d$/, ""));
  const loose = looseLevel(fields);
  if (loose) return loose;
  for (const name of LINES) {
    const line = fields[name];
    const found = typeof line === "string" && NAMES_ITS_LEVEL.test(line) ? ofText(line) : null;
    if (found) return found;
  }
  const wrapped = [
    WRAPPERS.some((name) => name in fields) ? fields.log : null,
    MESSAGE_WRAPPERS.some((name) => name in fields) ? fields.message : null,
  ].find((line) => typeof line === "string");
  return typeof wrapped === "string" ? ofText(wrapped.replace(COLOURS, "")) : null;
}

function looseLevel(fields: Fields): LogLevel | null {
  const byName = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  for (const name of LOOSE) {
    const word = String(byName.get(name)).toLowerCase();
    if (STATUS_WORDS.has(word)) return levelOfWord(word);
  }
  return null;
}

function loudestRecord(fields: Fields): LogLevel | null {
  const levels = Object.entries(fields).flatMap(([name, value]) => {
    if (!Array.isArray(value) || !OTLP.some((each) => each === name.toLowerCase())) return [];
    return value.filter(isFields).map((each) => namedLevel(each) ?? loudestRecord(each));
  });
  return LOG_LEVELS.find((level) => levels.includes(level)) ?? null;
}

function namedLevel(fields: Fields, withNumbers = true): LogLevel | null {
  const byName = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  let number: LogLevel | null = null;
  for (const [name, scaleOf] of LEVEL_MEMBERS) {
    const value = wordOf(byName.get(name));
    if (value === null) continue;
    // npm's levels, as winston has them, put "http" behind info; Liberty's messages put "AUDIT" there.
    const word = value === "http" || value === "AUDIT" ? "info" : typeof value === "string" ? levelOfWord(value) : null;
    if (word) return word;
    if (!withNumbers && !SURE_MEMBERS.has(name)) continue;
    // A number counts only where no name does.
    const numeric = typeof value === "number" || /^\d+$/.test(value) ? Number(value) : null;
    if (numeric !== null && Number.isInteger(numeric)) number ??= scaleOf(numeric);
  }
  if (number) return number;
  for (const [name, value] of byName) {
    const word = LIKE_A_LEVEL.test(name.replace(/[_\-. @]/g, "")) ? wordOf(value) : null;
    const level = typeof word === "string" ? levelOfWord(word) : null;
    if (level) return level;
  }
  return null;
}

/** A level as loggers write it, coloured, in brackets, behind a sign or the name of its type: a word, a number, or an object with a name. */
function wordOf(value: unknown): string | number | null {
  if (typeof value === "number") return value;
  if (typeof value === "string") {
    const word = value.replace(COLOURS, "").slice(0, 80).normalize("NFKC");
    return word.replace(/^[^\p{L}\p{N}-]+|[\s\])>}:]+$|\s\(\d+\)$/gu, "").replace(/^(?:log)?level[._]/i, "");
  }
  if (Array.isArray(value)) return typeof value[0] === "string" ? value[0] : null;
  if (!isFields(value)) return null;
  return wordOf(
    value.name ??
      value.standardLevel ??
      value.text ??
      value.label ??
      value.level ??
      value.value ??
      value.severity ??
      value.code ??
      null,
  );
}

const BROKEN = new RegExp(
  `"(${LEVEL_MEMBERS.map(([name]) => name.replace(".", "\\.")).join("|")})"\\s*:\\s*(?:"([^"]{1,40})"|(\\d{1,6}))`,
  "gi",
);

/** As Python and Node show an object: "{'level': 'ERROR'}", "{ level: 'error' }". */
const SHOWN = new RegExp(
  `[{,]\\s*'?(${LEVEL_MEMBERS.map(([name]) => name.replace(".", "\\.")).join("|")})'?\\s*:\\s*(?:["']([^"']{1,40})["']|(\\d{1,6}))`,
  "gi",
);

/** Of an object that was cut or is not quite JSON: the first member that names a level. */
function levelInBrokenJson(text: string, members: RegExp = BROKEN): LogLevel | null {
  const fields: Record<string, unknown> = {};
  for (const [, name = "", word, number] of text.matchAll(members)) fields[name] ??= word ?? Number(number);
  return namedLevel(fields);
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
