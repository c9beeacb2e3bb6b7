import { AsyncLocalStorage } from "node:async_hooks";
import { isStoreAwayError } from "./store/away-error.ts";

/** The request that a line belongs to, while it is being answered: what it set going goes on without it. */
interface CurrentRequest {
  id: string;
  isOpen: boolean;
}
/** Next may load this module twice in one process; the request is the same for both. */
const CURRENT = Symbol.for("switchyard.current-request");
const process_ = globalThis as { [CURRENT]?: AsyncLocalStorage<CurrentRequest> };
process_[CURRENT] ??= new AsyncLocalStorage();
const current = process_[CURRENT];

/** Does the work with the request's id on every line that is logged meanwhile; without an id, just the work. */
export async function logAs<T>(requestId: string | null, work: () => Promise<T>): Promise<T> {
  if (requestId === null) return work();
  const request = { id: requestId, isOpen: true };
  try {
    return await current.run(request, work);
  } finally {
    request.isOpen = false;
  }
}

const LEVELS = ["debug", "info", "warn", "error"] as const;
type Level = (typeof LEVELS)[number];
type Fields = Readonly<Record<string, unknown>>;

/** One JSON line on standard error for each event: `log.warn("The store is locked", { pid })`. Secrets in fields are blanked. */
export const log: Readonly<Record<Level, (message: string, fields?: Fields) => void>> = {
  debug: (message, fields) => write("debug", message, fields),
  info: (message, fields) => write("info", message, fields),
  warn: (message, fields) => write("warn", message, fields),
  error: (message, fields) => write("error", message, fields),
};

const SECRET_NAME = /secret|password|passwd|token|authorization|cookie|credential|private|api_?key/i;
/** What the database drivers hang on their errors: whole queries and their parsers. */
const NOISE = new Set(["query", "params", "queryOptions"]);
/** Deep enough for an error's cause within a field; a cycle ends here too. */
const MAX_DEPTH = 5;

/** The line for one event, without its newline. */
export function formatLine(level: Level, message: string, fields: Fields, at: Date): string {
  const cleaned = clean(fields, 0) as Record<string, unknown>;
  return JSON.stringify({ time: at.toISOString(), level, message: cleanText(message), ...cleaned });
}

/**
 * While the database is away whatever needs it fails, and the store has said so once: only what is lost by it is a line of its own.
 */
function write(level: Level, message: string, fields: Fields = {}): void {
  if (level !== "error" && isStoreAwayError(fields.error)) return;
  if (LEVELS.indexOf(level) < LEVELS.indexOf(leastLevel())) return;
  const request = current.getStore();
  const all = request?.isOpen ? { requestId: request.id, ...fields } : fields;
  process.stderr.write(`${formatLine(level, message, all, new Date())}\n`);
}

function leastLevel(): Level {
  return LEVELS.find((level) => level === process.env.SWITCHYARD_LOG_LEVEL) ?? "info";
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === "string") return cleanText(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[too deep]";
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  const entries = value instanceof Error ? errorEntries(value) : Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      typeof item === "string" && SECRET_NAME.test(key) ? "[secret]" : clean(item, depth + 1),
    ]),
  );
}

function errorEntries(error: Error): [string, unknown][] {
  if (isStoreAwayError(error)) return [["message", innermost(error).message]];
  // Drizzle's own words quote the whole query with its values; what the database said is in the cause.
  if (/^Failed query:/.test(error.message))
    return [
      ["name", error.name],
      ["message", "query failed"],
      ["cause", error.cause],
    ];
  const own = Object.entries(error).filter(([key]) => !NOISE.has(key));
  const cause: [string, unknown][] = error.cause === undefined ? [] : [["cause", error.cause]];
  return [["name", error.name], ["message", error.message], ["stack", error.stack], ...own, ...cause];
}

function innermost(error: Error): Error {
  return error.cause instanceof Error ? innermost(error.cause) : error;
}

/** Passwords inside addresses and bearer tokens inside texts. */
function cleanText(text: string): string {
  return text
    .replace(/([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/@]+@/gi, "$1:[secret]@")
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, "$1 [secret]");
}
