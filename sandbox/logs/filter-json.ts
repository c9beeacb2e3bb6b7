import {
  type Expression,
  FilterPatternError,
  type PatternScanner,
  readExpression,
  type Scalar,
} from "./filter-condition.ts";

/** A step of a selector: a property's name, an index, or every element. */
type Step = string | number | "[*]";

/** Parses `{ $.field = "x" && … }`; the scanner stands on the opening brace. */
export function parseJsonPattern(scanner: PatternScanner): (message: string) => boolean {
  scanner.read(/\{/y);
  const expression: Expression<Step[]> = readExpression(scanner, readSelector);
  if (!scanner.read(/\}/y) || !scanner.isAtEnd) throw new FilterPatternError("a brace is not closed");
  return (message) => {
    const root = parseObject(message);
    return root !== undefined && expression((selector) => selectValues(root, selector));
  };
}

function parseObject(message: string): unknown {
  if (!/^\s*[{[]/.test(message)) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function readSelector(scanner: PatternScanner): Step[] {
  if (!scanner.read(/\$/y)) throw new FilterPatternError("a selector starts with $");
  const steps: Step[] = [];
  for (;;) {
    const bracket = scanner.readHere(/\.?\[(?:\d+|\*|'[^']*'|"[^"]*")\]/y);
    if (bracket) {
      const inner = bracket.slice(bracket.indexOf("[") + 1, -1);
      steps.push(inner === "*" ? "[*]" : /^\d/.test(inner) ? Number(inner) : inner.slice(1, -1));
      continue;
    }
    const property = scanner.readHere(/\.[^\s.[\]=!<>()&|{}"'%,]+/y);
    if (!property) break;
    steps.push(property.slice(1));
  }
  if (steps.length === 0) throw new FilterPatternError("a selector names a property");
  return steps;
}

function stepInto(node: unknown, step: Step): unknown[] {
  if (step === "[*]") return Array.isArray(node) ? node : [];
  if (typeof step === "number") return Array.isArray(node) && step < node.length ? [node[step]] : [];
  const isObject = typeof node === "object" && node !== null && !Array.isArray(node);
  return isObject && Object.hasOwn(node, step) ? [(node as Record<string, unknown>)[step]] : [];
}

/** Undefined when nothing is there; objects and arrays exist but have no value to compare, as AWS documents. */
function selectValues(root: unknown, selector: Step[]): Scalar[] | undefined {
  let nodes = [root];
  for (const step of selector) nodes = nodes.flatMap((node) => stepInto(node, step));
  if (nodes.length === 0) return undefined;
  return nodes.filter((node): node is Scalar => node === null || typeof node !== "object");
}
