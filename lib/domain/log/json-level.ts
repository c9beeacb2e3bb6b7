import { LOG_LEVELS, type LogLevel, levelOfPriority, levelOfWord } from "./level-words.ts";

type Fields = Readonly<Record<string, unknown>>;
type Scale = (value: number, fields: Fields) => LogLevel | null;

/** Longer lines are not read as JSON: CloudWatch's own bound is 1 MB. */
const MAX_JSON = 1_100_000;

/** At least this much is that level. */
const scale =
  (...steps: readonly (readonly [number, LogLevel])[]): Scale =>
  (value) =>
    steps.find(([from]) => value >= from)?.[1] ?? null;

const OPEN_TELEMETRY = scale([17, "error"], [13, "warn"], [9, "info"], [5, "debug"], [1, "trace"]);
const PINO = scale([50, "error"], [40, "warn"], [30, "info"], [20, "debug"], [8, "trace"]);
const PYTHON = scale([40, "error"], [30, "warn"], [20, "info"], [10, "debug"], [1, "trace"]);
const MONOLOG = scale([400, "error"], [300, "warn"], [200, "info"], [100, "debug"]);
const JAVA_UTIL = scale([1000, "error"], [900, "warn"], [800, "info"], [500, "debug"], [300, "trace"]);
const LOGBACK = scale([40_000, "error"], [30_000, "warn"], [20_000, "info"], [10_000, "debug"], [5000, "trace"]);
const GOOGLE = scale([500, "error"], [400, "warn"], [200, "info"], [100, "debug"]);
const DOTNET = scale([6, "info"], [4, "error"], [3, "warn"], [2, "info"], [1, "debug"], [0, "trace"]);
const SYSLOG: Scale = (value) => (value >= 0 && value <= 7 ? levelOfPriority(value) : null);

/** By size: scales do not overlap but for Monolog's and java.util.logging's, of which only the latter goes beyond 600. */
const byMagnitude: Scale = (value, fields) => {
  if (value <= 7) return SYSLOG(value, fields);
  if (value < 100) return PINO(value, fields);
  if (value > 600 && value <= 1000) return JAVA_UTIL(value, fields);
  return value < 5000 ? MONOLOG(value, fields) : LOGBACK(value, fields);
};

/** Members that name a level, in lower case, most telling first; each with the scale of its numbers. */
const NAMES: readonly (readonly [string, Scale])[] = [
  ["_level_name", byMagnitude],
  ["level_name", byMagnitude],
  ["_levelname", byMagnitude],
  ["levelname", byMagnitude],
  ["severitytext", OPEN_TELEMETRY],
  ["severity_text", OPEN_TELEMETRY],
  ["severity_label", SYSLOG],
  ["error_severity", SYSLOG],
  ["log.level", byMagnitude],
  ["level", byMagnitude],
  ["@level", byMagnitude],
  ["lvl", byMagnitude],
  ["loglevel", DOTNET],
  ["log_level", byMagnitude],
  ["@l", byMagnitude],
  ["severity", (value, fields) => (value >= 100 ? GOOGLE(value, fields) : SYSLOG(value, fields))],
  ["levelstr", byMagnitude],
  ["log-level", byMagnitude],
  ["severitylevel", byMagnitude],
  ["sev", byMagnitude],
  ["syslog.severity", SYSLOG],
  ["syslog", SYSLOG],
  ["log.syslog.severity.name", SYSLOG],
  ["l", () => null],
  ["severitynumber", OPEN_TELEMETRY],
  ["severity_number", OPEN_TELEMETRY],
  ["levelno", PYTHON],
  ["level_value", LOGBACK],
  ["priority", SYSLOG],
  ["pri", () => null],
];
/** Members that many use for other things: only words that are nothing but levels count. Datadog has `status`. */
const LOOSE = ["status", "type"] as const;
const STATUS_WORDS = new Set([
  "emerg",
  "alert",
  "critical",
  "error",
  "warn",
  "warning",
  "notice",
  "info",
  "debug",
  "trace",
]);
/** Members that hold the level's own members, or a line as it was before something wrapped it. */
const NESTED = ["log", "record", "event", "fields"] as const;
/** How OpenTelemetry's exporters wrap records: the loudest of them counts. */
const OTLP = ["resourcelogs", "scopelogs", "logrecords", "resource_logs", "scope_logs", "log_records"] as const;
/** The same, but numbers in them may be anything. */
const ATTRIBUTES = [
  ...["attributes", "meta", "properties", "data", "context", "extra", "payload", "jsonPayload", "message", "msg"],
] as const;
/** What collectors add to a line: it is in `log`, or in `message`. */
const WRAPPERS = ["container_id", "container_name", "stream", "source", "kubernetes"] as const;
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
  for (const name of LOOSE) {
    const word = String(fields[name]).toLowerCase();
    if (STATUS_WORDS.has(word)) return levelOfWord(word);
  }
  const wrapped = [
    WRAPPERS.some((name) => name in fields) ? fields.log : null,
    MESSAGE_WRAPPERS.some((name) => name in fields) ? fields.message : null,
  ].find((line) => typeof line === "string");
  return typeof wrapped === "string" ? ofText(wrapped.replace(COLOURS, "")) : null;
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
  for (const [name, scaleOf] of NAMES) {
    const value = wordOf(byName.get(name));
    if (value === null) continue;
    // npm's levels, as winston has them, put "http" behind info.
    const word = value === "http" ? "info" : typeof value === "string" ? levelOfWord(value) : null;
    if (word) return word;
    if (!withNumbers) continue;
    // A number counts only where no name does.
    const numeric = typeof value === "number" || /^\d+$/.test(value) ? Number(value) : null;
    if (numeric !== null && Number.isInteger(numeric)) number ??= scaleOf(numeric, fields);
  }
  return number;
}

/** A level as loggers write it: a word, a number, or an object with a name. */
function wordOf(value: unknown): string | number | null {
  if (typeof value === "number") return value;
  if (typeof value === "string") return value.replace(COLOURS, "").replace(/^[\s[(<{]+|[\s\])>}:]+$/g, "");
  if (Array.isArray(value)) return typeof value[0] === "string" ? value[0] : null;
  if (!isFields(value)) return null;
  return wordOf(
    value.name ?? value.text ?? value.label ?? value.level ?? value.value ?? value.severity ?? value.code ?? null,
  );
}

const BROKEN = new RegExp(
  `"(${NAMES.map(([name]) => name.replace(".", "\\.")).join("|")})"\\s*:\\s*(?:"([^"]{1,40})"|(\\d{1,6}))`,
  "gi",
);

/** As Python and Node show an object: "{'level': 'ERROR'}", "{ level: 'error' }". */
const SHOWN = new RegExp(
  `[{,]\\s*'?(${NAMES.map(([name]) => name.replace(".", "\\.")).join("|")})'?\\s*:\\s*(?:["']([^"']{1,40})["']|(\\d{1,6}))`,
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
