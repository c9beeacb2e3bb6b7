import { type LogLevel, levelOfPriority, levelOfWord } from "./level-words.ts";

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
  ["l", byMagnitude],
  ["severitynumber", OPEN_TELEMETRY],
  ["severity_number", OPEN_TELEMETRY],
  ["levelno", PYTHON],
  ["level_value", LOGBACK],
  ["priority", SYSLOG],
];
/** Members that hold the level's own members, or a line as it was before something wrapped it. */
const NESTED = ["log", "record", "event", "fields"] as const;
const WRAPPERS = ["container_id", "container_name", "stream", "source", "kubernetes"] as const;

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
    return /^\s*\{\s*"/.test(text) ? levelInBrokenJson(text) : undefined;
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
  // Serilog's compact format leaves out the level of most of its lines, which is Information.
  if ("@t" in fields && ("@mt" in fields || "@m" in fields) && !("@l" in fields)) return "info";
  // MongoDB: {"t":{"$date":"…"},"s":"E","c":"NETWORK",…}
  if ("t" in fields && "c" in fields && "s" in fields) return levelOfWord(String(fields.s).replace(/\d$/, ""));
  const isWrapped = WRAPPERS.some((name) => name in fields);
  return isWrapped && typeof fields.log === "string" ? ofText(fields.log.replace(COLOURS, "")) : null;
}

function namedLevel(fields: Fields): LogLevel | null {
  const byName = new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
  let number: LogLevel | null = null;
  for (const [name, scaleOf] of NAMES) {
    const value = wordOf(byName.get(name));
    if (value === null) continue;
    // npm's levels, as winston has them, put "http" behind info.
    const word = value === "http" ? "info" : typeof value === "string" ? levelOfWord(value) : null;
    if (word) return word;
    // A number counts only where no name does.
    const numeric = typeof value === "number" || /^\d+$/.test(value) ? Number(value) : null;
    if (numeric !== null) number ??= scaleOf(numeric, fields);
  }
  return number;
}

/** A level as loggers write it: a word, a number, or an object with a name. */
function wordOf(value: unknown): string | number | null {
  if (typeof value === "number") return value;
  if (typeof value === "string") return value.replace(COLOURS, "").trim();
  if (!isFields(value)) return null;
  return wordOf(value.name ?? value.text ?? value.level ?? null);
}

const BROKEN = new RegExp(
  `"(${NAMES.map(([name]) => name.replace(".", "\\.")).join("|")})"\\s*:\\s*(?:"([^"]{1,40})"|(\\d{1,6}))`,
  "gi",
);

/** Of an object that was cut or is not quite JSON: the first member that names a level. */
function levelInBrokenJson(text: string): LogLevel | null {
  const fields: Record<string, unknown> = {};
  for (const [, name = "", word, number] of text.matchAll(BROKEN)) fields[name] ??= word ?? Number(number);
  return namedLevel(fields);
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
