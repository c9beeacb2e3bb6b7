import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../service.ts";

/** One level of the dotted parameter names: `A.member.1.B=x` is A > member > 1 > B with the value x. */
interface Node {
  value?: string;
  children: Map<string, Node>;
}

const MAX_DEPTH = 32;

/**
 * Decodes the parameters of an AWS Query request along its schema; EC2's dialect writes names with a capital and lists without
 * ".member". @throws AwsError MalformedInput
 */
export function decodeQueryInput(
  schema: NormalizedSchema,
  params: URLSearchParams,
  isEc2 = false,
): Record<string, unknown> {
  const root: Node = { children: new Map() };
  for (const [name, value] of params) {
    const path = name.split(".");
    if (path.length > MAX_DEPTH) throw malformed(`Parameter name is nested too deeply: ${name.slice(0, 80)}`);
    let node = root;
    for (const part of path) {
      let child = node.children.get(part);
      if (!child) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    node.value = value;
  }
  return schema.isStructSchema() ? readStruct({ isEc2 }, schema, root, "") : {};
}

/** Which of the two dialects is read. */
interface Dialect {
  isEc2: boolean;
}

function wireNameOf({ isEc2 }: Dialect, name: string, member: NormalizedSchema): string {
  const { ec2QueryName, xmlName = name } = member.getMergedTraits() as { ec2QueryName?: string; xmlName?: string };
  if (!isEc2) return xmlName;
  return ec2QueryName ?? `${xmlName.charAt(0).toUpperCase()}${xmlName.slice(1)}`;
}

function readStruct(dialect: Dialect, schema: NormalizedSchema, node: Node, path: string): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const wireName = wireNameOf(dialect, name, member);
    const child = node.children.get(wireName);
    if (child) result[name] = readValue(dialect, member, child, path ? `${path}.${wireName}` : wireName);
  }
  return result;
}

function readValue(dialect: Dialect, schema: NormalizedSchema, node: Node, path: string): unknown {
  if (schema.isStructSchema()) return readStruct(dialect, schema, node, path);
  if (schema.isListSchema()) return readList(dialect, schema, node, path);
  if (schema.isMapSchema()) return readMap(dialect, schema, node, path);
  const text = node.value;
  if (text === undefined) throw malformed(`Unexpected complex element for ${path}`);
  if (schema.isBooleanSchema()) {
    if (text !== "true" && text !== "false") throw malformed(`${path} must be a boolean, but is '${text}'`);
    return text === "true";
  }
  if (schema.isNumericSchema()) {
    const number = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(number)) throw malformed(`${path} must be a number, but is '${text}'`);
    return number;
  }
  if (schema.isTimestampSchema()) {
    const date = new Date(text);
    if (Number.isNaN(date.getTime())) throw malformed(`${path} must be a timestamp, but is '${text}'`);
    return date;
  }
  if (schema.isBlobSchema()) return Buffer.from(text, "base64");
  return text;
}

function readList(dialect: Dialect, schema: NormalizedSchema, node: Node, path: string): unknown[] {
  const item = schema.getValueSchema();
  const flattened = dialect.isEc2 || Boolean(schema.getMergedTraits().xmlFlattened);
  const itemName = item.getMergedTraits().xmlName ?? "member";
  const container = flattened ? node : node.children.get(itemName);
  if (!container) {
    // SDKs send an empty list as `Name=`.
    if (node.value === "" || node.value === undefined) return [];
    throw malformed(`Unexpected simple value for list ${path}`);
  }
  const prefix = flattened ? path : `${path}.${itemName}`;
  return indexed(container, prefix).map(([index, child]) => readValue(dialect, item, child, `${prefix}.${index}`));
}

function readMap(dialect: Dialect, schema: NormalizedSchema, node: Node, path: string): Record<string, unknown> {
  const key = schema.getKeySchema();
  const item = schema.getValueSchema();
  const container = schema.getMergedTraits().xmlFlattened ? node : node.children.get("entry");
  if (!container) return {};
  const entries: [string, unknown][] = [];
  for (const [index, entry] of indexed(container, path)) {
    const keyNode = entry.children.get(key.getMergedTraits().xmlName ?? "key");
    const valueNode = entry.children.get(item.getMergedTraits().xmlName ?? "value");
    if (keyNode?.value === undefined || !valueNode)
      throw malformed(`Entry ${index} of ${path} needs a key and a value`);
    entries.push([keyNode.value, readValue(dialect, item, valueNode, `${path}.${keyNode.value}`)]);
  }
  return Object.fromEntries(entries);
}

/** Elements in the order of their numbers; AWS allows gaps. */
function indexed(container: Node, path: string): [number, Node][] {
  const entries: [number, Node][] = [];
  for (const [key, child] of container.children) {
    if (!/^[1-9]\d{0,8}$/.test(key)) throw malformed(`Key ${path}.${key} is not valid: a list index starts at 1`);
    entries.push([Number(key), child]);
  }
  return entries.sort(([a], [b]) => a - b);
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedInput", message);
}
