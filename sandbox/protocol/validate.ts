import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../service.ts";
import type { WireService } from "./aws-services.ts";
// Enums, ranges and patterns of AWS's published API models, which the SDK's schemas leave out; enums are named after the
// SDK's exported objects, so that the values are the SDK's.
import constraints from "./constraints.json" with { type: "json" };
import { requiredMembers } from "./operation-schema.ts";

interface Limits {
  enum?: string;
  min?: number;
  max?: number;
  /** What the whole text must match. */
  pattern?: string;
  each?: Limits;
}

type ServiceLimits = Readonly<Record<string, Readonly<Record<string, Limits>>>>;

const LIMITS: Readonly<Record<string, ServiceLimits>> = constraints;

/** @throws AwsError in the service's own code, listing every required, enum, range and pattern violation as AWS words them. */
export async function validateInput(service: WireService, schema: NormalizedSchema, input: unknown): Promise<void> {
  if (!schema.isStructSchema()) return;
  const violations: string[] = [];
  const limits = LIMITS[service.name] ?? {};
  const context: Context = { limits, sdk: await service.loadSdk(), violations, paths: [], absent: [] };
  checkStruct(context, schema, input as Record<string, unknown>, "");
  if (violations.length === 0) return;
  const [absent] = context.absent;
  if (service.isEc2 && absent)
    throw new AwsError("MissingParameter", `The request must contain the parameter ${absent}`);
  const plural = violations.length === 1 ? "error" : "errors";
  const message = `${violations.length} validation ${plural} detected: ${violations.join("; ")}`;
  const usual = service.version !== undefined ? "ValidationError" : "InvalidParameterException";
  const [first = ""] = context.paths;
  const ofMember = service.memberCodes?.find(([pattern]) => pattern.test(first))?.[1];
  throw new AwsError(ofMember ?? service.validationCode ?? usual, message);
}

interface Context {
  limits: ServiceLimits;
  sdk: Readonly<Record<string, unknown>>;
  violations: string[];
  /** Where they are, in their order. */
  paths: string[];
  /** Required members that are not there. */
  absent: string[];
}

function checkStruct(context: Context, schema: NormalizedSchema, value: Record<string, unknown>, path: string): void {
  const limits = context.limits[schema.getName() ?? ""];
  for (const name of requiredMembers(schema)) {
    if (value[name] !== undefined) continue;
    context.absent.push(join(path, name));
    reject(context, null, join(path, name), "Member must not be null");
  }
  for (const [name, member] of schema.structIterator()) {
    const item = value[name];
    if (item === undefined) continue;
    const memberPath = join(path, name);
    const memberLimits = limits?.[name];
    if (memberLimits) checkLimits(context, item, memberLimits, memberPath);
    checkNested(context, member, item, memberPath, memberLimits?.each);
  }
}

function checkNested(context: Context, schema: NormalizedSchema, value: unknown, path: string, each?: Limits): void {
  if (schema.isStructSchema()) {
    checkStruct(context, schema, value as Record<string, unknown>, path);
  } else if (schema.isListSchema() && Array.isArray(value)) {
    const item = schema.getValueSchema();
    value.forEach((entry, index) => {
      const entryPath = `${path}.${index + 1}.member`;
      if (each) checkLimits(context, entry, each, entryPath);
      checkNested(context, item, entry, entryPath);
    });
  } else if (schema.isMapSchema()) {
    const item = schema.getValueSchema();
    for (const [key, entry] of Object.entries(value as Record<string, unknown>)) {
      checkNested(context, item, entry, `${path}.${key}.member`);
    }
  }
}

function checkLimits(context: Context, value: unknown, limits: Limits, path: string): void {
  if (limits.enum !== undefined) {
    const allowed = Object.values(context.sdk[limits.enum] ?? {});
    if (!allowed.includes(value)) {
      reject(context, value, path, `Member must satisfy enum value set: [${allowed.join(", ")}]`);
    }
  }
  const isNumber = typeof value === "number";
  const size = isNumber ? value : sizeOf(value);
  const measure = isNumber ? "value" : "length";
  if (limits.min !== undefined && size < limits.min) {
    reject(context, value, path, `Member must have ${measure} greater than or equal to ${limits.min}`);
  }
  if (limits.max !== undefined && size > limits.max) {
    reject(context, value, path, `Member must have ${measure} less than or equal to ${limits.max}`);
  }
  if (limits.pattern !== undefined && typeof value === "string" && !patternOf(limits.pattern).test(value)) {
    reject(context, value, path, `Member must satisfy regular expression pattern: ${limits.pattern}`);
  }
}

const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  const known = patterns.get(source);
  if (known) return known;
  // Classes of letters need Unicode mode, in which a needless backslash is an error.
  const made = new RegExp(`^(?:${source})$`, source.includes("\\p{") ? "u" : "");
  patterns.set(source, made);
  return made;
}

function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

function reject(context: Context, value: unknown, path: string, constraint: string): void {
  const shown =
    value === null ? "Value null" : typeof value === "object" ? "Value" : `Value '${String(value).slice(0, 256)}'`;
  context.paths.push(path);
  context.violations.push(`${shown} at '${path}' failed to satisfy constraint: ${constraint}`);
}

/** AWS writes member names in messages with a small first letter, in Query services too. */
function join(path: string, name: string): string {
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  return path ? `${path}.${member}` : member;
}
