import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { ControlError, readControlInput } from "./control-input.ts";
import { type ControlPorts, type ControlRoute, controlRoutes } from "./control-routes.ts";
import { AwsError } from "./service.ts";

const MAX_BODY_BYTES = 1024 * 1024;

/** Answers `/_sandbox…`; JSON in and out, loopback only. */
export function createControls(ports: ControlPorts): RequestListener {
  const routes = controlRoutes(ports);
  return (request, response) => {
    answer(routes, request)
      .then((body) => send(response, 200, body))
      .catch((error: unknown) => {
        if (error instanceof ControlError) {
          const { message, field, value, fix, status } = error;
          send(response, status, { error: `${message}. ${fix}.`, field, value, fix });
        } else if (error instanceof AwsError) {
          send(response, error.status, { error: `${error.code}: ${error.message}` });
        } else {
          console.error("sandbox: a control failed", error);
          send(response, 500, { error: error instanceof Error ? error.message : String(error) });
        }
      });
  };
}

async function answer(routes: readonly ControlRoute[], request: IncomingMessage): Promise<unknown> {
  refuseStrangers(request);
  const url = new URL(request.url ?? "/", "http://sandbox");
  let allowed: string[] = [];
  for (const [method, path, run] of routes) {
    const match = path.exec(url.pathname);
    if (!match) continue;
    if (method !== request.method) {
      allowed = [...allowed, method];
      continue;
    }
    const params = match.slice(1).map((part) => decodeURIComponent(part ?? ""));
    const input = readControlInput(await readBody(request));
    return run({ input, params, query: url.searchParams });
  }
  const message = `There is no control ${request.method} ${url.pathname}`;
  if (allowed.length > 0) throw new ControlError(405, { message, fix: `Use ${allowed.join(" or ")}` });
  throw new ControlError(404, { message, fix: "sandbox/README.md lists the controls" });
}

/** Pages of other sites can reach loopback through the browser; they say where they come from. */
function refuseStrangers(request: IncomingMessage): void {
  const address = request.socket.remoteAddress ?? "";
  const isLoopback = address.startsWith("127.") || address === "::1" || address.startsWith("::ffff:127.");
  if (isLoopback && request.headers.origin === undefined) return;
  throw new ControlError(403, {
    message: "The controls answer programs on this machine only",
    fix: "Call them from a program, not from a web page or another machine",
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ControlError(413, { message: "The body is too large", fix: "Send less" });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}
