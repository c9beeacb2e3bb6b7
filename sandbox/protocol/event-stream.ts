import { EventStreamCodec } from "@smithy/core/event-streams";
import type { NormalizedSchema } from "@smithy/core/schema";
import { fromUtf8, toUtf8 } from "@smithy/core/serde";
import { AwsError } from "../service.ts";

type Encode = (schema: NormalizedSchema, value: unknown) => Uint8Array;

const codec = new EventStreamCodec(toUtf8, fromUtf8);

/**
 * Encodes an operation's event stream into frames: initial-response first, then one frame an event. An event that is
 * a modelled error, or an AwsError thrown by the source, becomes the exception frame that ends the stream.
 */
export async function* encodeEventStream(
  output: NormalizedSchema,
  streamMember: string,
  initial: unknown,
  events: AsyncIterable<unknown>,
  encode: Encode,
): AsyncGenerator<Uint8Array> {
  const union = output.getMemberSchema(streamMember);
  const members = union.getMemberSchemas();
  yield frame({ ":message-type": "event", ":event-type": "initial-response" }, encode(output, initial));
  try {
    for await (const event of events) {
      const [name, value] = Object.entries(event as Record<string, unknown>)[0] ?? [];
      const schema = name === undefined ? undefined : members[name];
      if (name === undefined || !schema) throw new Error(`The event stream has no event ${String(name)}`);
      if (isError(schema)) {
        yield exceptionFrame(name, schema, value, encode);
        return;
      }
      yield frame({ ":message-type": "event", ":event-type": name }, encode(schema, value));
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const schema = members[error.code];
    if (schema && isError(schema)) {
      yield exceptionFrame(error.code, schema, { ...error.fields, message: error.message }, encode);
    } else {
      yield frame({ ":message-type": "error", ":error-code": error.code, ":error-message": error.message });
    }
  }
}

function exceptionFrame(name: string, schema: NormalizedSchema, value: unknown, encode: Encode): Uint8Array {
  return frame({ ":message-type": "exception", ":exception-type": name }, encode(schema, value));
}

function frame(headers: Readonly<Record<string, string>>, body: Uint8Array = new Uint8Array()): Uint8Array {
  const all = body.length > 0 ? { ...headers, ":content-type": "application/json" } : headers;
  const entries = Object.entries(all).map(([key, value]) => [key, { type: "string" as const, value }] as const);
  return codec.encode({ headers: Object.fromEntries(entries), body });
}

function isError(schema: NormalizedSchema): boolean {
  return schema.getMergedTraits().error !== undefined;
}
