import type { IncomingMessage } from "node:http";
import { gunzipSync } from "node:zlib";
import { cbor } from "@smithy/core/cbor";
import { AwsError } from "../service.ts";
import { WIRE_SERVICES, type WireProtocol, type WireService } from "./aws-services.ts";

/** What a request asks for, found from its headers and parameters alone. */
export interface WireRequest {
  service: WireService | null;
  /** What the answer is encoded in. Query also for a request that names no service. */
  protocol: WireProtocol;
  /** Null when the request names no operation. */
  operation: string | null;
  /** The API version a Query request names. */
  version: string | null;
  isSigned: boolean;
  /** Whose signature it is; null when the request does not say. */
  accessKeyId: string | null;
  /** The Region that it is signed for; null when the request does not say. */
  region: string | null;
  /** The Host header as an address; null without one. */
  origin: string | null;
  userAgent: string | null;
  /** As sent; a CBOR body as the JSON text of the same call, so that whatever follows knows two kinds, not three. */
  body: string;
  params: URLSearchParams;
}

const MAX_BODY_BYTES = 12 * 1024 * 1024;

/** Reads the whole body and finds service and operation. @throws AwsError RequestEntityTooLarge, SerializationException */
export async function readWireRequest(request: IncomingMessage): Promise<WireRequest> {
  const url = new URL(request.url ?? "/", "http://sandbox");
  const bytes = await readBody(request);
  const target = headerOf(request, "x-amz-target");
  const authorization = headerOf(request, "authorization");
  const credential = findCredential(authorization, url.searchParams.get("X-Amz-Credential"));
  const [accessKeyId = null, , region = null, scope = null] = credential?.split("/") ?? [];
  const { host } = request.headers;
  const origin = host === undefined ? null : `http://${host}`;
  const userAgent = request.headers["user-agent"] ?? null;
  const isSigned = authorization !== "" || url.searchParams.has("X-Amz-Signature");
  if (headerOf(request, "smithy-protocol") === "rpc-v2-cbor") {
    const [, prefix, operation = null] = /^\/service\/([^/]+)\/operation\/([^/]+)$/.exec(url.pathname) ?? [];
    const service = findByPrefix(prefix);
    const body = cborToJson(bytes);
    return {
      service,
      protocol: "cbor",
      operation,
      version: null,
      isSigned,
      accessKeyId,
      region,
      origin,
      userAgent,
      body,
      params: new URLSearchParams(),
    };
  }
  const body = bytes.toString("utf8");
  if (target !== "" || headerOf(request, "content-type").startsWith("application/x-amz-json")) {
    const dot = target.lastIndexOf(".");
    const prefix = target.slice(0, Math.max(dot, 0));
    const service = findByPrefix(prefix);
    const operation = dot < 0 ? null : target.slice(dot + 1);
    return {
      service,
      protocol: "json",
      operation,
      version: null,
      isSigned,
      accessKeyId,
      region,
      origin,
      userAgent,
      body,
      params: new URLSearchParams(),
    };
  }
  const params = new URLSearchParams(request.method === "GET" ? url.searchParams : body);
  const version = params.get("Version");
  const service =
    WIRE_SERVICES.find((candidate) => candidate.version !== undefined && candidate.version === version) ??
    WIRE_SERVICES.find((candidate) => candidate.protocol === "query" && candidate.signingName === scope) ??
    null;
  return {
    service,
    protocol: "query",
    operation: params.get("Action"),
    version,
    isSigned,
    accessKeyId,
    region,
    origin,
    userAgent,
    body,
    params,
  };
}

function findByPrefix(prefix: string | undefined): WireService | null {
  return WIRE_SERVICES.find(({ targetPrefix }) => targetPrefix !== undefined && targetPrefix === prefix) ?? null;
}

/** Timestamps, which CBOR tags, become AWS JSON's epoch seconds. @throws AwsError SerializationException */
function cborToJson(bytes: Buffer): string {
  if (bytes.length === 0) return "";
  try {
    return JSON.stringify(cbor.deserialize(bytes), (_name, value: unknown) =>
      isTimestamp(value) ? value.value : value,
    );
  } catch {
    throw new AwsError("SerializationException", "Unable to parse the request body as CBOR");
  }
}

function isTimestamp(value: unknown): value is { tag: number; value: number } {
  return typeof value === "object" && value !== null && "tag" in value && value.tag === 1 && "value" in value;
}

/** `AWS4-HMAC-SHA256 Credential=AKID/20260101/region/<service>/aws4_request, ...` */
function findCredential(authorization: string, presigned: string | null): string | undefined {
  return presigned ?? /Credential=([^,\s]+)/.exec(authorization)?.[1];
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new AwsError("RequestEntityTooLarge", "The request body is too large", 413);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (headerOf(request, "content-encoding") !== "gzip") return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch {
    throw new AwsError("SerializationException", "The request body is not valid gzip");
  }
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
}
