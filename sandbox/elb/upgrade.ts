import { request as httpRequest, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { errorAnswer } from "./answers.ts";
import { nextTarget } from "./balancer.ts";
import type { ElbState, ListenerRecord, TargetRecord } from "./elb-state.ts";
import { requestHeaders, responseHeaders } from "./forwarded-headers.ts";
import { nextGroup, routeOf, selectAction } from "./route.ts";
import { stickyGroup, stickyTarget } from "./stickiness.ts";
import { connectionsOf } from "./upstream.ts";

/** Passes a WebSocket upgrade through to a target and then bytes both ways, until either side or draining ends it. */
export function passUpgrade(
  state: ElbState,
  listener: ListenerRecord,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
): void {
  client.on("error", () => client.destroy());
  const target = findTarget(state, listener, request);
  if (target) join(state, listener, request, client, head, target);
  else refuse(state, listener, client, 503);
}

function findTarget(state: ElbState, listener: ListenerRecord, request: IncomingMessage): TargetRecord | null {
  const now = state.base.clock.now();
  const action = selectAction(routeOf(state, listener), request);
  if (action.kind !== "forward") return null;
  const group = (action.stickySeconds === null ? null : stickyGroup(action, request, now)) ?? nextGroup(action.groups);
  const target = group && (stickyTarget(group, request, now) ?? nextTarget(group, state.base.random));
  return target && state.reachOf(target).isVirtual ? null : target;
}

function join(
  state: ElbState,
  listener: ListenerRecord,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  target: TargetRecord,
): void {
  const reach = state.reachOf(target);
  const connections = connectionsOf(target);
  const startedAt = performance.now();
  const protocol = request.headers.upgrade ?? "websocket";
  const headers = requestHeaders(request, listener, state.base.random, state.base.clock.now());
  headers.push("Connection", "Upgrade", "Upgrade", protocol);
  const { method, url: path } = request;
  const upstream = httpRequest({
    host: reach.host,
    port: reach.port,
    method,
    path,
    headers,
    agent: false,
    setHost: false,
  });
  const work = {
    cut() {
      client.destroy();
      upstream.destroy();
    },
  };
  connections.begin(work);
  client.on("close", () => {
    connections.end(work);
    upstream.destroy();
  });
  let isAnswered = false;
  const begin = (response: IncomingMessage, status: number, added: readonly string[]) => {
    isAnswered = true;
    const now = state.base.clock.now();
    const responseTimeMs = performance.now() - startedAt;
    const metered = { status, isFromTarget: true, bytesIn: 0, bytesOut: 0, responseTimeMs };
    target.requests++;
    target.lastRequestAt = now;
    listener.meter.record(now, metered);
    target.group.meter.record(now, metered);
    client.write(rawResponse(status, response.statusMessage ?? "", [...responseHeaders(response), ...added]));
  };
  upstream.on("error", () => {
    if (isAnswered || !client.writable) client.destroy();
    else refuse(state, listener, client, 502);
  });
  upstream.on("response", (response) => {
    begin(response, response.statusCode ?? 502, ["Connection", "close"]);
    response.on("error", () => client.destroy());
    response.pipe(client);
  });
  upstream.on("upgrade", (response, socket, firstBytes) => {
    socket.on("error", () => client.destroy());
    socket.on("close", () => client.destroy());
    client.on("close", () => socket.destroy());
    begin(response, 101, ["Connection", "Upgrade", "Upgrade", response.headers.upgrade ?? protocol]);
    if (firstBytes.length > 0) client.write(firstBytes);
    if (head.length > 0) socket.write(head);
    socket.pipe(client);
    client.pipe(socket);
  });
  upstream.end();
}

function refuse(state: ElbState, listener: ListenerRecord, client: Duplex, status: number): void {
  const metered = { status, isFromTarget: false, bytesIn: 0, bytesOut: 0, responseTimeMs: 0 };
  listener.meter.record(state.base.clock.now(), metered);
  const answer = errorAnswer(status);
  client.end(rawResponse(status, answer.reason, [...answer.headers, "Connection", "close"]) + answer.body);
}

function rawResponse(status: number, reason: string, headers: readonly string[]): string {
  let text = `HTTP/1.1 ${status} ${reason}\r\n`;
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`;
  return `${text}\r\n`;
}
