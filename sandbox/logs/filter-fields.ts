import { type Expression, FilterPatternError, type PatternScanner, readExpression } from "./filter-condition.ts";

type Field = { expression: Expression<string> | null };

/** Parses `[ip, user, ..., status = 4* && status != 404, bytes]`; the scanner stands on the opening bracket. */
export function parseFieldsPattern(scanner: PatternScanner): (message: string) => boolean {
  scanner.read(/\[/y);
  const before: Field[] = [];
  let after: Field[] | null = null;
  for (;;) {
    if (scanner.read(/\.\.\.|…/y)) {
      if (after) throw new FilterPatternError("two ellipses");
      after = [];
    } else {
      (after ?? before).push(readField(scanner));
    }
    if (scanner.read(/\]/y)) break;
    if (!scanner.read(/,/y)) throw new FilterPatternError("a bracket is not closed");
  }
  if (!scanner.isAtEnd) throw new FilterPatternError("text after the closing bracket");
  return (message) => matchFields(splitFields(message), before, after);
}

function readField(scanner: PatternScanner): Field {
  const start = scanner.at;
  scanner.read(/\(+/y);
  const name = scanner.read(/[A-Za-z0-9_-]+/y);
  if (name === null) return { expression: null };
  scanner.skipSpaces();
  const next = scanner.text.charAt(scanner.at);
  if (next === "," || next === "]") return { expression: null };
  scanner.at = start;
  const expression = readExpression(scanner, (inner) => {
    const subject = inner.read(/[A-Za-z0-9_-]+/y);
    if (subject !== name) throw new FilterPatternError("a field's condition names another field");
    return subject;
  });
  return { expression };
}

/** Words of a line; what stands in [] or "" is one word. */
function splitFields(message: string): string[] {
  const fields: string[] = [];
  for (const match of message.matchAll(/\[([^\]]*)\](?=\s|$)|"([^"]*)"(?=\s|$)|\S+/g)) {
    fields.push(match[1] ?? match[2] ?? match[0]);
  }
  return fields;
}

function matchFields(words: string[], before: Field[], after: Field[] | null): boolean {
  const wanted = before.length + (after?.length ?? 0);
  if (after ? words.length < wanted : words.length !== wanted) return false;
  const holds = (field: Field, word: string | undefined) =>
    field.expression === null || (word !== undefined && field.expression(() => [word]));
  const tail = words.length - (after?.length ?? 0);
  return (
    before.every((field, index) => holds(field, words[index])) &&
    (after ?? []).every((field, index) => holds(field, words[tail + index]))
  );
}
