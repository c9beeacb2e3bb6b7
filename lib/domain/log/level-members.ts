import { type LogLevel, levelOfPriority } from "./level-words.ts";

/** The level of a number; null for none on this scale. */
type Scale = (value: number) => LogLevel | null;

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
/** Of Application Insights, 0 (verbose) to 4 (critical). */
const INSIGHTS = scale([3, "error"], [2, "warn"], [1, "info"], [0, "debug"]);
const TSLOG = scale([5, "error"], [4, "warn"], [3, "info"], [2, "debug"], [0, "trace"]);
const SYSLOG: Scale = (value) => (value >= 0 && value <= 7 ? levelOfPriority(value) : null);

/** By size: scales do not overlap but for Monolog's and java.util.logging's, of which only the latter goes beyond 600. */
const byMagnitude: Scale = (value) => {
  if (value <= 7) return SYSLOG(value);
  if (value < 100) return PINO(value);
  if (value > 600 && value <= 1000) return JAVA_UTIL(value);
  return value < 5000 ? MONOLOG(value) : LOGBACK(value);
};

/** Members that name a level, in lower case, most telling first; each with the scale of its numbers. */
export const LEVEL_MEMBERS: readonly (readonly [string, Scale])[] = [
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
  ["loglevelname", byMagnitude],
  ["leveldisplayname", byMagnitude],
  ["loglevel", (value) => (value <= 6 ? DOTNET : byMagnitude)(value)],
  ["loglevelid", TSLOG],
  ["log_level", byMagnitude],
  ["@l", byMagnitude],
  ["severity", (value) => (value >= 100 ? GOOGLE : SYSLOG)(value)],
  ["levelstr", byMagnitude],
  ["log-level", byMagnitude],
  ["severitylevel", (value) => (value <= 4 ? INSIGHTS : byMagnitude)(value)],
  ["sev", byMagnitude],
  ["syslog.severity", SYSLOG],
  ["syslog", SYSLOG],
  ["log.syslog.severity.name", SYSLOG],
  ["l", () => null],
  ["severitynumber", OPEN_TELEMETRY],
  ["severity_number", OPEN_TELEMETRY],
  ["levelno", PYTHON],
  ["level_value", LOGBACK],
  ["levelvalue", (value) => (value <= 1000 ? JAVA_UTIL : LOGBACK)(value)],
  ["verbosity", () => null],
  ["priority", SYSLOG],
  ["prio", SYSLOG],
  ["pri", () => null],
  ["레벨", byMagnitude],
  ["로그레벨", byMagnitude],
  ["심각도", SYSLOG],
];
/** Other names for a level's word, without what joins their parts: `msg_level`, `levelText`, `log severity`. */
export const LIKE_A_LEVEL =
  /^(?:log|logger|dd|msg|message|event|syslog|record|error|r)?(?:level|lvl|lv|severity)(?:name|text|label|str|string|type)?$/;
/** Nothing but a level is called so: their numbers count in other members' objects as well. */
export const SURE_MEMBERS = new Set([
  "loglevel",
  "loglevelid",
  "severitynumber",
  "severity_number",
  "levelno",
  "level_value",
]);
