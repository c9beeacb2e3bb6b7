import { JsonShapeSerializer2, XmlShapeSerializer } from "@aws-sdk/core/protocols";
import { CborShapeSerializer2, cbor } from "@smithy/core/cbor";
import type { NormalizedSchema } from "@smithy/core/schema";
import type { $Schema, TimestampDateTimeSchema, TimestampEpochSecondsSchema } from "@smithy/types";
import type { AwsError } from "../service.ts";
import type { WireProtocol, WireService } from "./aws-services.ts";
import { encodeEventStream } from "./event-stream.ts";
import { findErrorSchema, type OperationSchema } from "./operation-schema.ts";

/** What goes back to the client: complete, or a body that is still being produced. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array | AsyncIterable<Uint8Array>;
}

const EVENT_STREAM_TYPE = "application/vnd.amazon.eventstream";
const EPOCH_SECONDS: TimestampEpochSecondsSchema = 7;
const DATE_TIME: TimestampDateTimeSchema = 5;

/** Encodes a handler's output as the service's protocol has it, with the SDK's own serializers. */
export function encodeOutput(
  service: WireService,
  protocol: WireProtocol,
  operation: OperationSchema,
  output: unknown,
  requestId: string,
): Answer {
  const value = (output ?? {}) as Record<string, unknown>;
  if (protocol === "query") return xmlAnswer(service, operation, value, requestId);
  if (protocol === "cbor")
    return { status: 200, headers: cborHeaders(requestId), body: encodeCbor(operation.output, value) };
  const stream = operation.output.isStructSchema() ? operation.output.getEventStreamMember() : "";
  if (stream) {
    const { [stream]: events, ...initial } = value;
    const body = encodeEventStream(operation.output, stream, initial, events as AsyncIterable<unknown>, encodeJson);
    return { status: 200, headers: headers(EVENT_STREAM_TYPE, requestId), body };
  }
  const body = operation.output.isStructSchema() ? encodeJson(operation.output, value) : Buffer.from("{}");
  return { status: 200, headers: headers(jsonType(service), requestId), body };
}

/** Encodes a refusal as the service's protocol has it: AWS's code, status, message and request id. */
export async function encodeError(
  service: WireService | null,
  protocol: WireProtocol,
  error: AwsError,
  requestId: string,
): Promise<Answer> {
  const schema = service ? await findErrorSchema(service, error.code) : null;
  // Query services answer with a code of their own for a modelled error: TargetGroupNotFoundException is TargetGroupNotFound.
  const traits = schema?.getMergedTraits() as { awsQueryError?: [string, number] } | undefined;
  const [code, status] = traits?.awsQueryError ?? [error.code, error.status];
  if (protocol !== "query") {
    const fields = schema?.isStructSchema()
      ? JSON.parse(encodeJson(schema, error.fields).toString("utf8"))
      : error.fields;
    const value = { __type: error.code, ...fields, message: error.message };
    const own = protocol === "cbor" ? cborHeaders(requestId) : headers(jsonType(service), requestId);
    if (service?.version) own["x-amzn-query-error"] = `${code};${status >= 500 ? "Receiver" : "Sender"}`;
    return {
      status,
      headers: own,
      body: protocol === "cbor" ? cbor.serialize(value) : Buffer.from(JSON.stringify(value)),
    };
  }
  if (service?.isEc2) return ec2Refusal(service, code, error.message, status, requestId);
  const detail = struct("Error", { Type: STRING, Code: STRING, Message: STRING });
  const response = struct("ErrorResponse", { Error: detail, RequestId: STRING });
  const value = {
    Error: { Type: status >= 500 ? "Receiver" : "Sender", Code: code, Message: error.message },
    RequestId: requestId,
  };
  return {
    status,
    headers: headers("text/xml", requestId),
    body: encodeXml(response, value, service?.xmlNamespace ?? "https://sts.amazonaws.com/doc/2011-06-15/"),
  };
}

function ec2Refusal(service: WireService, code: string, message: string, status: number, requestId: string): Answer {
  const detail = struct("Error", { Code: STRING, Message: STRING });
  const response = struct("Response", { Errors: struct("Errors", { Error: detail }), RequestID: STRING });
  const value = { Errors: { Error: { Code: code, Message: message } }, RequestID: requestId };
  return {
    status,
    headers: headers("text/xml", requestId),
    body: encodeXml(response, value, service.xmlNamespace ?? ""),
  };
}

function xmlAnswer(service: WireService, operation: OperationSchema, value: unknown, requestId: string): Answer {
  const metadata = struct("ResponseMetadata", { RequestId: STRING });
  const hasResult = operation.output.isStructSchema();
  if (service.isEc2) return ec2Answer(service, operation, value, requestId);
  const response = struct(`${operation.name}Response`, {
    ...(hasResult ? { [`${operation.name}Result`]: operation.output.getSchema() as $Schema } : {}),
    ResponseMetadata: metadata,
  });
  const body = encodeXml(
    response,
    { [`${operation.name}Result`]: value, ResponseMetadata: { RequestId: requestId } },
    service.xmlNamespace ?? "",
  );
  return { status: 200, headers: headers("text/xml", requestId), body };
}

/** The output's members stand beside the request's id, without an element for the result. */
function ec2Answer(service: WireService, operation: OperationSchema, value: unknown, requestId: string): Answer {
  const members = operation.output.isStructSchema() ? [...operation.output.structIterator()] : [];
  const schema = struct(`${operation.name}Response`, {
    requestId: STRING,
    ...Object.fromEntries(members.map(([name, member]) => [name, memberRef(member)])),
  });
  const body = encodeXml(schema, { requestId, ...(value as object) }, service.xmlNamespace ?? "");
  return { status: 200, headers: headers("text/xml", requestId), body };
}

/** The member with its traits, as schemas write it: its name on the wire is one of them. */
function memberRef(member: NormalizedSchema): $Schema {
  // Safe because a static schema's member is written as a pair of its schema and its traits.
  return [member.getSchema(), member.getMergedTraits()] as unknown as $Schema;
}

function jsonType(service: WireService | null): string {
  return `application/x-amz-json-${service?.jsonVersion ?? "1.1"}`;
}

function cborHeaders(requestId: string): Record<string, string> {
  return { ...headers("application/cbor", requestId), "smithy-protocol": "rpc-v2-cbor" };
}

function headers(contentType: string, requestId: string): Record<string, string> {
  return { "content-type": contentType, "x-amzn-requestid": requestId };
}

function encodeJson(schema: NormalizedSchema, value: unknown): Buffer {
  const serializer = new JsonShapeSerializer2({
    timestampFormat: { useTrait: true, default: EPOCH_SECONDS },
    jsonName: false,
  });
  serializer.write(schema, value);
  const encoded: unknown = serializer.flush();
  if (!(encoded instanceof Uint8Array)) return Buffer.from(String(encoded));
  // The SDK's subclass of Uint8Array warns when it is turned to text; a plain view of the same bytes does not.
  return Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
}

function encodeCbor(schema: NormalizedSchema, value: unknown): Uint8Array {
  const serializer = new CborShapeSerializer2();
  serializer.write(schema.isStructSchema() ? schema : DOCUMENT, value);
  return Buffer.from(serializer.flush());
}

function encodeXml(schema: $Schema, value: unknown, xmlNamespace: string): Uint8Array {
  const serializer = new XmlShapeSerializer({
    xmlNamespace,
    serviceNamespace: "",
    timestampFormat: { useTrait: true, default: DATE_TIME },
  });
  serializer.write(schema, value);
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${String(serializer.flush())}`);
}

const STRING: $Schema = 0;
const DOCUMENT: $Schema = 15;

function struct(name: string, members: Readonly<Record<string, $Schema>>): $Schema {
  return [3, "sandbox", name, 0, Object.keys(members), Object.values(members)];
}
