import { NormalizedSchema } from "@smithy/core/schema";
import type { SchemaRef } from "@smithy/types";
import type { WireService } from "./aws-services.ts";

/** The schemas of one operation, as the SDK's own client exports them. */
export interface OperationSchema {
  name: string;
  input: NormalizedSchema;
  output: NormalizedSchema;
}

const OPERATION_SCHEMA_ID = 9;

/** Null when AWS has no operation of that name. */
export async function findOperationSchema(service: WireService, name: string): Promise<OperationSchema | null> {
  const sdk = await service.loadSdk();
  const schema = Object.hasOwn(sdk, `${name}$`) ? sdk[`${name}$`] : undefined;
  if (!Array.isArray(schema) || schema[0] !== OPERATION_SCHEMA_ID) return null;
  return { name, input: NormalizedSchema.of(toRef(schema[4])), output: NormalizedSchema.of(toRef(schema[5])) };
}

/** Null when the SDK models no error of that name. */
export async function findErrorSchema(service: WireService, name: string): Promise<NormalizedSchema | null> {
  const sdk = await service.loadSdk();
  for (const candidate of [name, `${name}Exception`]) {
    const schema = sdk[`${candidate}$`];
    if (Array.isArray(schema) && schema[0] === -3) return NormalizedSchema.of(toRef(schema));
  }
  return null;
}

/** The names of a structure's required members: schemas list them first and carry their number. */
export function requiredMembers(structure: NormalizedSchema): readonly string[] {
  const schema: unknown = structure.getSchema();
  if (!Array.isArray(schema)) return [];
  return (schema[4] as string[]).slice(0, Number(schema[6] ?? 0));
}

/** Safe because the value is an element of an exported operation schema, where the SDK itself reads a SchemaRef. */
function toRef(value: unknown): SchemaRef {
  return value as SchemaRef;
}
