/** SQLSTATEs of a server that cannot be asked: connection exceptions, shutting down, crashed, starting, too many connections. */
const AWAY_STATES = /^(08\w{3}|57P0[1-5]|53300)$/;
/** Of Node.js's sockets and name look-ups. */
const AWAY_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "ENOTCONN",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
  // A UNIX socket whose server is gone.
  "ENOENT",
]);
/** What the drivers say without a code, and what a read that got no answer in time says. */
const AWAY_WORDS =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (has encountered a connection error|was closed)|PGlite is clos|No answer within)/;

/**
 * Whether a query failed because the database could not be asked at all. What the database answered, whatever it is, and what goes
 * wrong in this program is not that.
 */
export function isConnectionFailure(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === "string" && (AWAY_STATES.test(code) || AWAY_CODES.has(code))) return true;
    // An answer with any other state came over a connection.
    if (typeof code === "string" && /^[0-9A-Z]{5}$/.test(code)) return false;
    if (AWAY_WORDS.test(current.message)) return true;
    if (current instanceof AggregateError && current.errors.some(isConnectionFailure)) return true;
  }
  return false;
}
