import { z } from "zod";

/** A piece of the document. */
export type Json = Readonly<Record<string, unknown>>;

/** OpenAPI 3.1's schemas are JSON Schema 2020-12; the document says so once for all. */
export function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: "draft-2020-12" });
  return rest;
}

/** A query parameter by its schema, with an example where its type alone does not show one. */
export function query(name: string, description: string, schema: Json, more: Json = {}): Json {
  return { name, in: "query", description, required: false, schema, ...more };
}

/** A parameter that is meant by being there; `=false` and `=0` are as if it were not. */
export const flag = (name: string, description: string): Json =>
  query(name, description, { type: "boolean", default: false }, { allowEmptyValue: true });

export const text = (example: string, more: Json = {}): Json => ({ type: "string", examples: [example], ...more });
export const whole = (minimum: number, maximum: number, usual: number): Json => ({
  type: "integer",
  minimum,
  maximum,
  default: usual,
});
export const oneOf = (values: readonly string[], more: Json = {}): Json => ({ type: "string", enum: values, ...more });
export const epoch: Json = { type: "integer", minimum: 0, examples: [1_796_000_000_000] };
export const epochOrIso: Json = {
  oneOf: [
    { type: "integer", minimum: 0 },
    { type: "string", format: "date-time" },
  ],
  examples: ["2026-11-30T09:00:00Z"],
};

export const PAGE = [
  query("limit", "How many at most", whole(1, 200, 50)),
  query("cursor", "nextCursor of the page before; left out for the first", { type: "string" }),
];
export const KEY: Json = {
  name: "Idempotency-Key",
  in: "header",
  description: "A repeat with the same key within 24 h answers with the same deployment",
  schema: text("build-4711", { pattern: "^[\\x21-\\x7e]{1,200}$" }),
};
const IF_NONE_MATCH: Json = {
  name: "If-None-Match",
  in: "header",
  description: "An ETag that was answered before; while it still holds the answer is 304 without a body",
  schema: text('W/"0f343b0931126a20f133d67c2b018a3b"'),
};

export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
export const list = (items: Json): Json => ({ type: "array", items });
const json = (schema: Json): Json => ({ "application/json": { schema } });
const header = (name: string): Json => ({ $ref: `#/components/headers/${name}` });

/** Every refusal that an operation of a kind may be answered with, by the status of its response in the components. */
const REFUSALS = {
  read: [401, 403, 404, 406, 422, 429, 500, 502, 503],
  change: [401, 403, 404, 409, 413, 415, 422, 429, 500, 502, 503],
  stream: [401, 403, 404, 406, 422, 429, 500, 503],
} as const;

/** What an operation answers with, beside its refusals. */
interface Answers {
  summary: string;
  parameters?: readonly Json[];
  responses: Json;
  requestBody?: Json;
}

function operation(kind: keyof typeof REFUSALS, { parameters = [], ...rest }: Answers): Json {
  const refusals = REFUSALS[kind].map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]);
  return {
    ...rest,
    ...(parameters.length > 0 ? { parameters } : {}),
    responses: { ...rest.responses, ...Object.fromEntries(refusals) },
  };
}

/** A question whose answer has an ETag, and other media types where the Accept header may name them. */
export function read(summary: string, schema: Json, parameters: readonly Json[] = [], others: Json = {}): Json {
  const headers = { "X-Request-Id": header("RequestId"), ETag: header("ETag") };
  const ok = { description: "OK", headers, content: { ...json(schema), ...others } };
  const unchanged = { description: "As it was when that ETag was answered", headers };
  return operation("read", {
    summary,
    parameters: [...parameters, IF_NONE_MATCH],
    responses: { 200: ok, 304: unchanged },
  });
}

/** A file that the Accept header may ask for instead of JSON. */
export const file = (schema: Json = { type: "string" }): Json => ({ schema });

/** An event stream as a text of events: each one's name with the schema of its data. */
export function stream(
  summary: string,
  events: Readonly<Record<string, Json>>,
  parameters: readonly Json[] = [],
  responses: Json = {},
): Json {
  const each = Object.entries(events).map(([event, data]) => ({
    title: event,
    type: "object",
    properties: { id: { type: "string" }, event: { const: event }, data },
    required: ["id", "event", "data"],
  }));
  const schema = { type: "string", contentMediaType: "text/event-stream", contentSchema: { oneOf: each } };
  const content = { "text/event-stream": { schema } };
  const headers = { "X-Request-Id": header("RequestId") };
  const again = {
    name: "Last-Event-ID",
    in: "header",
    description: "The id of the last event that was read",
    schema: { type: "string" },
  };
  return operation("stream", {
    summary,
    parameters: [...parameters, again],
    responses: { 200: { description: "Events, each with an id", headers, content }, ...responses },
  });
}

/** A change with its body; deployments are taken on (202), things are made (201), the rest is done (200). */
export function change(
  summary: string,
  status: 200 | 201 | 202,
  schema: Json,
  requestBody: Json | null,
  parameters: readonly Json[] = [],
): Json {
  const description = { 200: "Done", 201: "Made", 202: "Taken on; follow the deployment" }[status];
  const answer = { description, headers: { "X-Request-Id": header("RequestId") }, content: json(schema) };
  return operation("change", {
    summary,
    parameters,
    responses: { [status]: answer },
    ...(requestBody ? { requestBody } : {}),
  });
}

/** The body of an operation without what the address and the header carry, with an example. */
export function body(input: z.ZodObject, example: Json): Json {
  const { application: _a, deploymentId: _d, idempotencyKey: _k, ...shape } = input.shape;
  return wholeBody(z.strictObject(shape), example);
}

/** The body where the application is part of what is asked. */
export function wholeBody(input: z.ZodType, example: Json): Json {
  const schema = schemaOf(input, "input");
  return { required: "required" in schema || "oneOf" in schema, content: { "application/json": { schema, example } } };
}

/** The body of which exactly one of these members says what is meant. */
export function bodyOfOne(input: z.ZodObject, ways: readonly string[], example: Json): Json {
  const { application: _a, deploymentId: _d, idempotencyKey: _k, ...shape } = input.shape;
  const shared = Object.fromEntries(Object.entries(shape).filter(([name]) => !ways.includes(name)));
  const oneOf = ways.map((way) => {
    const given = shape[way];
    const schema = z.strictObject({ [way]: given instanceof z.ZodOptional ? given.unwrap() : given, ...shared });
    return { title: `By ${way}`, ...schemaOf(schema, "input") };
  });
  return { required: true, content: { "application/json": { schema: { oneOf }, example } } };
}

export const COLORS = ["blue", "green"];
/** A receipt's. */
export const HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
export const HANDOVER_FILES = { "text/markdown": file(), "text/plain": file() };

/** How every stream ends, and what is sent meanwhile. */
export const ENDS = { renew: ref("RenewEvent"), access: ref("AccessEvent"), ping: ref("PingEvent") };
export const BRIEFLY = query(
  "briefly",
  "1: the stream ends after 5 s with `renew`, for readers behind a proxy that holds streams back until they end",
  oneOf(["1"]),
);

/** A path of one application. */
export const named = (item: Json): Json => ({
  parameters: [{ name: "name", in: "path", required: true, description: "The application's", schema: text("library") }],
  ...item,
});
/** A path of one thing that has an id. */
export const identified = (of: string, item: Json): Json => ({
  parameters: [{ name: "id", in: "path", required: true, description: `The ${of}'s`, schema: { type: "string" } }],
  ...item,
});
