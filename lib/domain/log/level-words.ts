/** Loudest first. */
export const LOG_LEVELS = ["error", "warn", "info", "debug", "trace"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What loggers call their levels, in lower case, whole and cut to one, three or four letters. */
export const WORDS_OF_LEVEL: Readonly<Record<LogLevel, readonly string[]>> = {
  error: [
    ...[
      "emergency",
      "emerg",
      "alert",
      "panic",
      "pani",
      "pnc",
      "dpanic",
      "fatal",
      "fata",
      "ftl",
      "critical",
      "crit",
      "crt",
    ],
    ...[
      "severe",
      "sever",
      "criti",
      "error",
      "erro",
      "eror",
      "err",
      "fail",
      "f",
      "e",
      "c",
      "심각",
      "치명",
      "치명적",
      "치명적 오류",
      "치명적오류",
      "손상",
      "오류",
      "에러",
      "fehler",
      "重大",
      "エラー",
      "严重",
      "错误",
    ],
  ],
  warn: ["warning", "warni", "warn", "wrn", "deprecation", "w", "warnung", "경고", "警告"],
  info: [
    "notice",
    "note",
    "system",
    "information",
    "informational",
    "info",
    "inf",
    "success",
    "i",
    "n",
    "정보",
    "알림",
    "情報",
    "信息",
  ],
  debug: ["config", "debug", "debu", "dbug", "debg", "dbg", "fine", "verbose", "vrb", "d", "구성", "미세", "디버그"],
  trace: ["finer", "finest", "trace", "trac", "trce", "trc", "silly", "sill", "t", "보다 미세", "가장 미세"],
};

const LEVEL_OF_WORD = new Map<string, LogLevel>(
  LOG_LEVELS.flatMap((level) => WORDS_OF_LEVEL[level].map((word) => [word, level] as const)),
);

/** Go's slog writes steps between its levels: "ERROR+1", "INFO-2", "DEBUG-4". */
const STEPPED = /^(debug|info|warn|error)([+-]\d+)$/;
/** OpenTelemetry's four of each: "ERROR2", and as Protobuf's JSON has them "SEVERITY_NUMBER_ERROR2". */
const FINER_STEP = /^(?:severity_number_)?(trace|debug|info|warn|error|fatal)[2-4]?$/;
const TRACE_STEP = /^trace\d$/;
const DEBUG_STEP = /^debug\d$/;

/** The level that a logger calls so, in any case; null for what is no level's name. */
export function levelOfWord(word: string | undefined): LogLevel | null {
  const name = word?.trim().toLowerCase() ?? "";
  const level = LEVEL_OF_WORD.get(name);
  if (level) return level;
  if (DEBUG_STEP.test(name)) return "debug";
  if (TRACE_STEP.test(name)) return "trace";
  const finer = FINER_STEP.exec(name)?.[1];
  if (finer) return LEVEL_OF_WORD.get(finer) ?? null;
  const stepped = STEPPED.exec(name);
  if (!stepped) return null;
  return stepped[1] === "debug" && Number(stepped[2]) < 0 ? "trace" : (LEVEL_OF_WORD.get(stepped[1] ?? "") ?? null);
}

/** Syslog's severities, 0 (emergency) to 7 (debug). */
export function levelOfPriority(severity: number): LogLevel {
  if (severity <= 3) return "error";
  if (severity === 4) return "warn";
  return severity <= 6 ? "info" : "debug";
}
