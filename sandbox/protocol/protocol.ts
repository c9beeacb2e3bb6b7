import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Authorizer } from "../iam/authorizer.ts";
import { AwsError, type Handler, type SimulatedService } from "../service.ts";
import { type Answer, encodeError, encodeOutput } from "./answer.ts";
import { type ApiCall, ConnectionFault, type Interceptor, intercept } from "./api-call.ts";
import type { WireProtocol } from "./aws-services.ts";
import { decodeJsonInput } from "./json-input.ts";
import { findOperationSchema, type OperationSchema } from "./operation-schema.ts";
import { decodeQueryInput } from "./query-input.ts";
import { validateInput } from "./validate.ts";
import { readWireRequest, type WireRequest } from "./wire-request.ts";

/** What the protocol layer is built from. */
export interface ProtocolOptions {
  services: readonly SimulatedService[];
  /** Outermost first. */
  interceptors?: readonly Interceptor[];
  /** Judges every well-formed call by policies; without it every call may do everything. */
  authorize?: Authorizer;
  /** Told of every handler that failed with anything but an AwsError: a bug of the sandbox. */
  onBug?: (error: unknown, operation: string) => void;
}

/** An HTTP request listener that answers AWS API calls by running the simulated services. */
export function createProtocol(options: ProtocolOptions): RequestListener {
  const handlers = new Map(options.services.map((service) => [service.name, service.operations]));
  const onBug = options.onBug ?? ((error, operation) => console.error(`sandbox: ${operation} failed`, error));
  return (request, response) => {
    void answerRequest(request, response);
  };

  async function answerRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const abort = new AbortController();
    response.on("close", () => abort.abort());
    let wire: WireRequest | null = null;
    try {
      wire = await readWireRequest(request);
      await send(response, await run(wire, requestId, abort.signal));
    } catch (error) {
      if (error instanceof ConnectionFault) return breakConnection(response, error, abort.signal);
      if (!(error instanceof AwsError) && !abort.signal.aborted) onBug(error, wire?.operation ?? "a request");
      if (response.headersSent || response.destroyed) return void response.destroy();
      const protocol = wire?.protocol ?? guessProtocol(request);
      const refusal = await encodeError(wire?.service ?? null, protocol, toAwsError(error), requestId);
      await send(response, refusal).catch(() => response.destroy());
    }
  }

  async function run(wire: WireRequest, requestId: string, signal: AbortSignal): Promise<Answer> {
    const { schema, handler, service } = await resolve(wire);
    const { body, accessKeyId } = wire;
    const call: ApiCall = { service: service.name, operation: schema.name, requestId, accessKeyId, body, signal };
    return intercept(options.interceptors ?? [], call, async () => {
      const input =
        wire.protocol === "query"
          ? decodeQueryInput(schema.input, wire.params, service.isEc2)
          : decodeJsonInput(schema.input, wire.body);
      await validateInput(service, schema.input, input);
      options.authorize?.(service.name, schema.name, input, wire.accessKeyId);
      const output = await handler(input, {
        requestId,
        signal,
        region: wire.region ?? undefined,
        origin: wire.origin ?? undefined,
        accessKeyId: wire.accessKeyId ?? undefined,
        userAgent: wire.userAgent ?? undefined,
      });
      return encodeOutput(service, wire.protocol, schema, output, requestId);
    });
  }

  async function resolve(wire: WireRequest) {
    const { service, operation } = wire;
    const isQuery = wire.protocol === "query";
    if (operation === null && isQuery) throw new AwsError("MissingAction", "The request names no Action");
    if (!wire.isSigned) {
      const code = isQuery ? "MissingAuthenticationToken" : "MissingAuthenticationTokenException";
      throw new AwsError(code, "Missing Authentication Token", 403);
    }
    const schema = service && operation ? await findOperationSchema(service, operation) : null;
    const isOtherVersion = wire.version !== null && service?.version !== undefined && wire.version !== service.version;
    if (!service || !schema || isOtherVersion) throw unknownOperation(wire);
    const operations = handlers.get(service.name);
    const handler: Handler | undefined =
      operations && Object.hasOwn(operations, schema.name) ? operations[schema.name] : undefined;
    if (!handler) throw unknownOperation(wire, `The sandbox does not simulate ${service.name} ${schema.name}`);
    return { service, schema: schema satisfies OperationSchema, handler };
  }
}

function unknownOperation(wire: WireRequest, message?: string): AwsError {
  if (wire.protocol !== "query") return new AwsError("UnknownOperationException", message ?? "");
  const text = message ?? `Could not find operation ${wire.operation} for version ${wire.version ?? "unspecified"}`;
  return new AwsError("InvalidAction", text);
}

/** For a request that could not even be read. */
function guessProtocol({ headers }: IncomingMessage): WireProtocol {
  if (headers["smithy-protocol"] === "rpc-v2-cbor") return "cbor";
  return headers["x-amz-target"] === undefined ? "query" : "json";
}

function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  return new AwsError("InternalFailure", "The request processing has failed because of an unknown error", 500);
}

async function send(response: ServerResponse, answer: Answer): Promise<void> {
  if (answer.body instanceof Uint8Array) {
    response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
    response.end(answer.body);
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.flushHeaders();
  for await (const frame of answer.body) {
    if (response.destroyed) return;
    if (!response.write(frame)) await drained(response);
  }
  response.end();
}

async function breakConnection(response: ServerResponse, fault: ConnectionFault, signal: AbortSignal): Promise<void> {
  if (fault.holdMs > 0) await sleep(fault.holdMs, undefined, { signal, ref: false }).catch(() => undefined);
  response.socket?.resetAndDestroy();
}

/** Resolves when the client can take more or is gone; leaves no listener behind, however often it is waited for. */
async function drained(response: ServerResponse): Promise<void> {
  const settled = new AbortController();
  const { signal } = settled;
  const either = Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]);
  await either.finally(() => settled.abort());
}
