import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { say } from "../domain/sentence/sentence.ts";
import { toldIn } from "../domain/sentence/told.ts";
import { languageOf } from "../messages/language.ts";
import { NOT_DONE, STOPPING } from "../messages/not-done.ts";

/** What refuses new requests once the process has been told to end, and knows when the ones before are answered. */
export interface Drain {
  /** From now on every request is answered with 503, on connections that close. */
  begin(): void;
  /**
   * Resolves once every request from before is answered, and at the latest after `withinMs`. Where there ever was a request it takes
   * `atLeastMs`, in which load balancers see that this process stops.
   */
  answered(atLeastMs: number, withinMs: number): Promise<void>;
  /**
   * Answers what has arrived by now, then takes no connection any more and ends those that are idle; resolves when none is left, at
   * the latest after `withinMs`. Without it a request that a proxy sends in the last moment is lost with its connection: a refused
   * connection goes to the next replica, a broken one does not.
   */
  close(withinMs: number): Promise<void>;
}

/** What Node publishes of a request before its server hands it on. */
export interface StartedRequest {
  request: IncomingMessage;
  response: ServerResponse;
  server: Server;
}

/** Seconds; a process that stops is gone by then. */
const RETRY_AFTER = "2";

/** Watches every request of this process's servers, from the first one on. */
export function createDrain(): Drain & { seen(started: StartedRequest): void } {
  const open = new Set<ServerResponse>();
  const servers = new Set<Server>();
  const swapped = new WeakSet<Server>();
  let isDraining = false;
  let wasAsked = false;
  let settled: (() => void) | null = null;
  const drain = {
    seen({ response, server }: StartedRequest) {
      servers.add(server);
      if (isDraining) {
        // Node calls the listeners that are there when this returns: Next never hears of the request.
        if (!swapped.has(server)) server.removeAllListeners("request").on("request", refuse);
        swapped.add(server);
        return;
      }
      wasAsked = true;
      open.add(response);
      response.once("close", () => {
        open.delete(response);
        if (open.size === 0) settled?.();
      });
    },
    begin() {
      isDraining = true;
    },
    async answered(atLeastMs: number, withinMs: number) {
      const seen = wasAsked ? delay(atLeastMs) : undefined;
      if (open.size > 0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, withinMs);
          settled = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      await seen;
    },
    async close(withinMs: number) {
      // One turn accepts connections, the next one reads what came with them.
      await turn();
      await turn();
      const ended = [...servers].map((server) => new Promise<unknown>((resolve) => server.close(resolve)));
      const late = new AbortController();
      await Promise.race([Promise.all(ended), delay(withinMs, null, { signal: late.signal })]);
      late.abort();
    },
  };
  return drain;
}

/** The drain of this process. */
export function watchRequests(): Drain {
  const drain = createDrain();
  // Safe because Node publishes exactly these on this channel.
  subscribe("http.server.request.start", (message) => drain.seen(message as StartedRequest));
  return drain;
}

/** Answers in the form that the asker reads: a problem for programs, words for a page's script, a page that tries again. */
function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const language = languageOf(languageHeaders(request));
  const { pathname } = new URL(request.url ?? "/", "http://any");
  response.setHeader("connection", "close");
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-request-id", crypto.randomUUID());
  if (pathname === "/api/health/live") return void response.end("live\n");
  response.statusCode = 503;
  response.setHeader("retry-after", RETRY_AFTER);
  if (pathname.startsWith("/api/") && !pathname.startsWith("/api/health")) {
    response.setHeader("content-type", "application/problem+json");
    const code = "STOPPING";
    const fix = toldIn(say("rest.askAgain"), language);
    const title = toldIn(say("problem.title.503"), language);
    const type = `urn:switchyard:problem:${code}`;
    response.end(JSON.stringify({ type, title, status: 503, detail: STOPPING[language], code, fix }));
    return;
  }
  // A page's script shows what is text/plain and nothing more; a browser has to know the characters.
  response.setHeader("content-type", request.method === "POST" ? "text/plain" : "text/plain; charset=utf-8");
  if (request.method === "GET") response.setHeader("refresh", RETRY_AFTER);
  response.end(pathname === "/api/health/ready" ? "stopping\n" : `${NOT_DONE[language]}: ${STOPPING[language]}\n`);
}

/** What says the reader's language. */
function languageHeaders({ headers }: IncomingMessage): Headers {
  return new Headers({ cookie: headers.cookie ?? "", "accept-language": headers["accept-language"] ?? "" });
}
