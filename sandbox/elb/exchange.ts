/* One file over 250 lines: an exchange is one state machine, and its ends (fail, cut, client gone) must agree. */
import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Readable, Writable } from "node:stream";
import { type Answer, errorAnswer, fixedAnswer, redirectAnswer } from "./answers.ts";
import { nextTarget } from "./balancer.ts";
import type { ElbState, ListenerRecord, RouteAction, TargetGroupRecord, TargetRecord } from "./elb-state.ts";
import { requestHeaders, responseHeaders } from "./forwarded-headers.ts";
import { nextGroup, routeOf, selectAction } from "./route.ts";
import { groupCookies, stickyGroup, stickyTarget, targetCookies } from "./stickiness.ts";
import { type Cuttable, connectionsOf } from "./upstream.ts";

const CONNECT_TIMEOUT_SECONDS = 10;
const MAX_RETRIES = 3;
const MAX_HEADER_BYTES = 65_536;
const SAFE_TO_REPEAT = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** What exchanges share: the world, the second hand that idle times are counted by, and who is running. */
export interface ExchangeFloor {
  state: ElbState;
  /** Counts seconds of sandbox time. */
  tick: number;
  running: Set<Exchange>;
}

/** One request through the load balancer, from its headers to the last byte of the answer. */
export class Exchange implements Cuttable {
  readonly #floor: ExchangeFloor;
  readonly #listener: ListenerRecord;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #hasBody: boolean;
  #group: TargetGroupRecord | null = null;
  #target: TargetRecord | null = null;
  #upstream: ClientRequest | null = null;
  #cookies: string[] = [];
  #bytesIn = 0;
  #bytesOut = 0;
  #retries = 0;
  #sentAt = 0;
  #startedTick: number;
  #activeTick: number;
  #answerStatus = 0;
  #responseTimeMs = 0;
  #isFromTarget = false;
  #isConnectionError = false;
  #isOver = false;

  constructor(floor: ExchangeFloor, listener: ListenerRecord, request: IncomingMessage, response: ServerResponse) {
    this.#floor = floor;
    this.#listener = listener;
    this.#request = request;
    this.#response = response;
    this.#startedTick = floor.tick;
    this.#activeTick = floor.tick;
    const { headers } = request;
    this.#hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  }

  /** Routes the request and answers it; never throws. */
  run(): void {
    this.#floor.running.add(this);
    this.#request.on("error", ignore);
    this.#response.on("error", ignore);
    this.#response.on("close", () => this.#onClientGone());
    try {
      this.#route();
    } catch {
      this.#answer(errorAnswer(400));
    }
  }

  /** Ends the exchange with 502 where nothing was sent yet, as when the deregistration delay runs out on it. */
  cut(): void {
    this.#fail(502);
  }

  /** Ends an exchange in which nothing moved for the load balancer's idle timeout. */
  checkIdle(): void {
    const idleSeconds = Number(this.#listener.loadBalancer.attributes.get("idle_timeout.timeout_seconds"));
    const { tick } = this.#floor;
    const isConnecting = this.#upstream?.socket?.connecting ?? false;
    if (isConnecting && tick - this.#startedTick >= CONNECT_TIMEOUT_SECONDS) {
      this.#isConnectionError = true;
      this.#fail(504);
    } else if (tick - this.#activeTick >= idleSeconds) this.#fail(this.#request.complete ? 504 : 408);
  }

  #route(): void {
    const listener = this.#listener;
    const action = selectAction(routeOf(this.#floor.state, listener), this.#request);
    if (this.#request.method === "TRACE") this.#answer(errorAnswer(405));
    else if (action.kind === "forward") this.#forward(action);
    else if (action.kind === "redirect") this.#answer(redirectAnswer(action.config, this.#request, listener));
    else this.#answer(fixedAnswer(action.config));
  }

  #forward(action: RouteAction & { kind: "forward" }): void {
    const now = this.#floor.state.base.clock.now();
    const stuck = action.stickySeconds === null ? null : stickyGroup(action, this.#request, now);
    const group = stuck ?? nextGroup(action.groups);
    if (!group) {
      this.#answer(errorAnswer(503));
      return;
    }
    this.#group = group;
    if (action.stickySeconds !== null && !stuck) {
      this.#cookies = groupCookies(group, action.stickySeconds, this.#listener, now);
    }
    this.#send();
  }

  /** Sends the request to a target of the chosen group; again when a kept connection turned out to be closed. */
  #send(): void {
    const group = this.#group;
    const { state } = this.#floor;
    const now = state.base.clock.now();
    if (!group) return;
    const target = stickyTarget(group, this.#request, now) ?? nextTarget(group, state.base.random);
    this.#target = target;
    this.#sentAt = performance.now();
    if (!target) this.#answer(errorAnswer(503));
    else if (state.reachOf(target).isVirtual) this.#answerVirtual(target);
    else this.#sendTo(target, now);
  }

  #sendTo(target: TargetRecord, now: number): void {
    const { state } = this.#floor;
    const { host, port } = state.reachOf(target);
    const connections = connectionsOf(target);
    connections.begin(this);
    const upstream = httpRequest({
      host,
      port,
      method: this.#request.method,
      path: this.#request.url,
      headers: requestHeaders(this.#request, this.#listener, state.base.random, now),
      agent: connections.agent,
      setHost: false,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    this.#upstream = upstream;
    upstream.on("response", (response) => this.#onResponse(upstream, target, response));
    upstream.on("error", (error: NodeJS.ErrnoException) => this.#onUpstreamError(upstream, target, error));
    upstream.on("upgrade", (_response, socket) => {
      // Nobody asked for it.
      socket.destroy();
      this.#fail(502);
    });
    if (!this.#hasBody) upstream.end();
    else pump(this.#request, upstream, (bytes) => this.#moved(bytes, 0));
  }

  #onResponse(upstream: ClientRequest, target: TargetRecord, response: IncomingMessage): void {
    if (upstream !== this.#upstream || this.#isOver) {
      response.destroy();
      return;
    }
    this.#isFromTarget = true;
    this.#answerStatus = response.statusCode ?? 502;
    this.#responseTimeMs = performance.now() - this.#sentAt;
    this.#activeTick = this.#floor.tick;
    response.on("error", ignore);
    response.on("close", () => {
      if (!response.complete) this.#fail(502);
    });
    const now = this.#floor.state.base.clock.now();
    const headers = responseHeaders(response);
    headers.push(...this.#cookies, ...targetCookies(target, response, this.#request, this.#listener, now));
    try {
      this.#response.writeHead(this.#answerStatus, response.statusMessage ?? "", headers);
    } catch {
      this.#fail(502);
      return;
    }
    // Headers leave at once where the body may be long in coming; a body that is here goes out in the same packet.
    const length = response.headers["content-length"];
    if (length === undefined) this.#response.flushHeaders();
    pump(response, this.#response, (bytes) => this.#moved(0, bytes));
    response.on("end", () => this.#finish());
  }

  #onUpstreamError(upstream: ClientRequest, target: TargetRecord, error: NodeJS.ErrnoException): void {
    if (upstream !== this.#upstream || this.#isOver) return;
    if (error.syscall === "connect") this.#isConnectionError = true;
    if (this.#isFromTarget || !this.#mayRepeat(upstream)) {
      this.#fail(502);
      return;
    }
    this.#retries++;
    target.connections?.end(this);
    target.connections?.closeIdle();
    this.#upstream = null;
    this.#send();
  }

  /** A target may close a kept connection just as a request is on its way; that is nobody's failure. */
  #mayRepeat(upstream: ClientRequest): boolean {
    if (!upstream.reusedSocket || this.#retries >= MAX_RETRIES) return false;
    return !this.#hasBody && SAFE_TO_REPEAT.has(this.#request.method ?? "");
  }

  #answerVirtual(target: TargetRecord): void {
    const { state } = this.#floor;
    const health = state.virtualHealth.get(state.reachOf(target).host) ?? 200;
    if (health === "hang") return;
    if (health === "refused") {
      this.#isConnectionError = true;
      this.#fail(502);
      return;
    }
    this.#isFromTarget = true;
    this.#responseTimeMs = performance.now() - this.#sentAt;
    const now = this.#floor.state.base.clock.now();
    const answer = fixedAnswer({ StatusCode: String(health), MessageBody: `${target.id}:${target.port}\n` });
    const cookies = targetCookies(target, null, this.#request, this.#listener, now);
    this.#answer({ ...answer, headers: [...answer.headers.slice(2), ...this.#cookies, ...cookies] });
  }

  #answer(answer: Answer): void {
    if (this.#isOver) return;
    this.#answerStatus = answer.status;
    if (!this.#response.headersSent) {
      this.#bytesOut += answer.body.length;
      this.#response.writeHead(answer.status, answer.reason, answer.headers);
      this.#response.end(answer.body);
    }
    this.#finish();
  }

  /** Answers with an error page, or cuts the client off where the answer has begun. */
  #fail(status: number): void {
    if (this.#isOver) return;
    if (this.#response.headersSent) this.#response.destroy();
    else this.#answer(errorAnswer(status));
    this.#finish();
    this.#upstream?.destroy();
  }

  #onClientGone(): void {
    if (this.#isOver) return;
    // AWS's own status for a client that did not wait for its answer.
    if (!this.#isFromTarget) this.#answerStatus = 460;
    this.#finish();
    this.#upstream?.destroy();
  }

  #moved(bytesIn: number, bytesOut: number): void {
    this.#bytesIn += bytesIn;
    this.#bytesOut += bytesOut;
    this.#activeTick = this.#floor.tick;
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#floor.running.delete(this);
    const now = this.#floor.state.base.clock.now();
    const metered = {
      status: this.#answerStatus,
      isFromTarget: this.#isFromTarget,
      isConnectionError: this.#isConnectionError,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      responseTimeMs: this.#responseTimeMs,
    };
    this.#listener.meter.record(now, metered);
    // A group's RequestCount has only requests for which a target could be chosen.
    if (this.#target) this.#group?.meter.record(now, metered);
    if (this.#hasBody && !this.#request.complete) this.#dropBody();
    const target = this.#target;
    if (!target) return;
    target.requests++;
    target.lastRequestAt = now;
    target.connections?.end(this);
  }

  /** The answer came before the request ended: what is left of it is read away, so that the client sees the answer. */
  #dropBody(): void {
    this.#request.removeAllListeners("data");
    this.#request.resume();
    this.#upstream?.destroy();
  }
}

/** Copies a stream at the reader's pace, telling of every piece. Errors are the two ends' own business. */
function pump(from: Readable, to: Writable, onBytes: (bytes: number) => void): void {
  from.on("data", (chunk: Buffer) => {
    onBytes(chunk.length);
    if (to.write(chunk)) return;
    from.pause();
    to.once("drain", () => from.resume());
  });
  from.on("end", () => to.end());
}

function ignore(): void {}
