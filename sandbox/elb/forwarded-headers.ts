import type { IncomingMessage } from "node:http";
import type { ListenerRecord } from "./elb-state.ts";

const NOT_FORWARDED = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
  "expect",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-amzn-trace-id",
]);
const NOT_RETURNED = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "upgrade",
  "transfer-encoding",
]);

/** The client's address as X-Forwarded-For shows it. */
function clientAddress(request: IncomingMessage): string {
  const address = request.socket.remoteAddress ?? "";
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}

/** The headers a target gets, flat name-value pairs: the client's without the hop-by-hop ones, plus the load balancer's. */
export function requestHeaders(
  request: IncomingMessage,
  listener: ListenerRecord,
  random: () => number,
  now: number,
): string[] {
  const raw = request.rawHeaders;
  const alsoDropped = namedByConnection(request.headers.connection);
  const headers: string[] = [];
  let forwardedFor = "";
  let trace = "";
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? "";
    const value = raw[at + 1] ?? "";
    const lower = name.toLowerCase();
    if (NOT_FORWARDED.has(lower) || alsoDropped?.has(lower)) {
      if (lower === "x-forwarded-for") forwardedFor = forwardedFor ? `${forwardedFor}, ${value}` : value;
      else if (lower === "x-amzn-trace-id") trace = value;
      continue;
    }
    headers.push(name, value);
  }
  // HTTP/1.0 clients need not name a host; targets are spoken to in HTTP/1.1, which must.
  if (request.headers.host === undefined) headers.push("Host", listener.loadBalancer.description.DNSName ?? "");
  const address = clientAddress(request);
  const mode = listener.loadBalancer.attributes.get("routing.http.xff_header_processing.mode");
  if (mode === "append") forwardedFor = forwardedFor ? `${forwardedFor}, ${address}` : address;
  if (mode !== "remove" && forwardedFor) headers.push("X-Forwarded-For", forwardedFor);
  headers.push("X-Forwarded-Proto", listener.protocol === "HTTPS" ? "https" : "http");
  headers.push("X-Forwarded-Port", String(listener.port));
  headers.push("X-Amzn-Trace-Id", traceId(trace, random, now));
  return headers;
}

/** The headers a client gets, flat name-value pairs: the target's without the hop-by-hop ones. */
export function responseHeaders(response: IncomingMessage): string[] {
  const raw = response.rawHeaders;
  const alsoDropped = namedByConnection(response.headers.connection);
  const headers: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? "";
    const lower = name.toLowerCase();
    if (!NOT_RETURNED.has(lower) && !alsoDropped?.has(lower)) headers.push(name, raw[at + 1] ?? "");
  }
  return headers;
}

/** Headers that a Connection header makes hop-by-hop; null in the usual case. */
function namedByConnection(connection: string | undefined): Set<string> | null {
  if (connection === undefined || connection === "keep-alive" || connection === "close") return null;
  return new Set(connection.split(",").map((name) => name.trim().toLowerCase()));
}

function traceId(given: string, random: () => number, now: number): string {
  const hex = (digits: number) =>
    Math.floor(random() * 16 ** digits)
      .toString(16)
      .padStart(digits, "0");
  const id = `1-${Math.floor(now / 1000)
    .toString(16)
    .padStart(8, "0")}-${hex(12)}${hex(12)}`;
  if (!given) return `Root=${id}`;
  return given.includes("Root=") ? `Self=${id};${given}` : `Root=${id};${given}`;
}
