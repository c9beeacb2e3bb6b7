import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../service.ts";

/** Decodes an AWS JSON request body along its schema. @throws AwsError SerializationException, with AWS's wording. */
export function decodeJsonInput(schema: NormalizedSchema, body: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = body.trim() === "" ? {} : JSON.parse(body);
  } catch {
    throw new AwsError("SerializationException", "Unable to parse the request body as JSON");
  }
  if (!isRecord(parsed)) throw mismatch(parsed, "a structure");
  return schema.isStructSchema() ? readStruct(schema, parsed) : {};
}

function readStruct(schema: NormalizedSchema, value: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const item = Object.hasOwn(value, name) ? value[name] : undefined;
    if (item !== undefined && item !== null) result[name] = readValue(member, item);
  }
  return result;
}

function readValue(schema: NormalizedSchema, value: unknown): unknown {
  if (schema.isStructSchema()) return isRecord(value) ? readStruct(schema, value) : fail(value, "a structure");
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    if (!Array.isArray(value)) return fail(value, "a Collection");
    return value.filter((entry) => entry !== null).map((entry) => readValue(item, entry));
  }
  if (schema.isMapSchema()) {
    const item = schema.getValueSchema();
    if (!isRecord(value)) return fail(value, "a Map");
    const entries = Object.entries(value).filter(([, entry]) => entry !== null);
    return Object.fromEntries(entries.map(([key, entry]) => [key, readValue(item, entry)]));
  }
  if (schema.isStringSchema()) return typeof value === "string" ? value : fail(value, "a String");
  if (schema.isBooleanSchema()) return typeof value === "boolean" ? value : fail(value, "a Boolean");
  if (schema.isNumericSchema()) return typeof value === "number" ? value : fail(value, "an Integer");
  if (schema.isTimestampSchema()) return readTimestamp(value);
  if (schema.isBlobSchema()) return typeof value === "string" ? Buffer.from(value, "base64") : fail(value, "a Blob");
  return value;
}

function readTimestamp(value: unknown): Date {
  const date = typeof value === "number" ? new Date(value * 1000) : new Date(String(value));
  if (Number.isNaN(date.getTime())) throw mismatch(value, "a Date");
  return date;
}

function fail(value: unknown, wanted: string): never {
  throw mismatch(value, wanted);
}

function mismatch(value: unknown, wanted: string): AwsError {
  return new AwsError("SerializationException", `${tokenOf(value)} can not be converted to ${wanted}`);
}

function tokenOf(value: unknown): string {
  if (Array.isArray(value)) return "START_ARRAY";
  if (value === null) return "NULL_VALUE";
  switch (typeof value) {
    case "object":
      return "START_OBJECT";
    case "number":
      return "NUMBER_VALUE";
    case "boolean":
      return value ? "TRUE_VALUE" : "FALSE_VALUE";
    default:
      return "STRING_VALUE";
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
