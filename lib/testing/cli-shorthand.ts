import type { NormalizedSchema } from "@smithy/core/schema";

/** The AWS CLI's shorthand, "Key=value,List=[{Key=value}],Struct={Key=value}", with each value as the member has it. For tests. */
export function parseShorthand(text: string, shape: NormalizedSchema): unknown {
  const reader = { text, at: 0 };
  const value = readStruct(reader, shape, "");
  if (reader.at < text.length) throw new Error(`Error parsing parameter: ${text} at ${reader.at}`);
  return value;
}

interface Reader {
  text: string;
  at: number;
}

function readStruct(reader: Reader, shape: NormalizedSchema, end: string): Record<string, unknown> {
  const struct: Record<string, unknown> = {};
  while (reader.at < reader.text.length && reader.text[reader.at] !== end) {
    const name = take(reader, /[^=,{}[\]]+/y);
    if (!name || !take(reader, /=/y)) throw new Error(`Error parsing parameter: ${reader.text} at ${reader.at}`);
    const member = [...shape.structIterator()].find(([each]) => each === name)?.[1];
    if (!member) throw new Error(`Unknown parameter in input: "${name}"`);
    struct[name] = readValue(reader, member);
    take(reader, /,/y);
  }
  return struct;
}

function readValue(reader: Reader, shape: NormalizedSchema): unknown {
  const next = reader.text[reader.at];
  if (next === "[" && shape.isListSchema()) {
    reader.at += 1;
    const list: unknown[] = [];
    while (reader.text[reader.at] !== "]") {
      if (reader.at >= reader.text.length) throw new Error(`Expected ] in ${reader.text}`);
      list.push(readValue(reader, shape.getValueSchema()));
      take(reader, /,/y);
    }
    reader.at += 1;
    return list;
  }
  if (next === "{" && shape.isStructSchema()) {
    reader.at += 1;
    const struct = readStruct(reader, shape, "}");
    if (!take(reader, /\}/y)) throw new Error(`Expected } in ${reader.text}`);
    return struct;
  }
  const text = take(reader, /[^,{}[\]]*/y);
  if (shape.isListSchema()) return [text];
  if (shape.isNumericSchema()) return Number(text);
  return shape.isBooleanSchema() ? text === "true" : text;
}

function take(reader: Reader, pattern: RegExp): string {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0] ?? "";
  reader.at += found.length;
  return found;
}
