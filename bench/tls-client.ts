import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { text } from "node:stream/consumers";
import type { JsonCall } from "./local-process.ts";

/** Asks an address whose certificate is the proxy's own, over connections that are kept. */
export interface TlsClient {
  /** Resolves with the head of the answer; its body is still to be read. */
  open(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<IncomingMessage>;
  call: JsonCall;
  close(): void;
}

/** What a process that stops says of a request that it has done nothing of: whoever sends it again may. */
const STOPPING = '"STOPPING"';
const AGAIN_MS = 500;
const PATIENCE_MS = 20_000;

export function createTlsClient(base: string, token: string, askedAgain: () => void): TlsClient {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false });
  const open: TlsClient["open"] = async (method, path, body, signal) => {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const asked = request(`${base}${path}`, {
      agent,
      method,
      headers,
      timeout: PATIENCE_MS,
      ...(signal ? { signal } : {}),
    });
    asked.once("timeout", () => asked.destroy(new Error(`No answer within ${PATIENCE_MS / 1000} s`)));
    asked.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    return response;
  };
  const call: JsonCall = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    for (;;) {
      const response = await open(method, path, body);
      const answer = await text(response);
      if (response.statusCode === 503 && answer.includes(STOPPING)) {
        askedAgain();
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
        continue;
      }
      if ((response.statusCode ?? 0) >= 300)
        throw new Error(`${method} ${path}: ${response.statusCode} ${answer.slice(0, 300)}`);
      return JSON.parse(answer) as T;
    }
  };
  return { open, call, close: () => agent.destroy() };
}
