import { AwsError } from "../service.ts";

/** One statement of an identity policy, its lists always lists. */
interface Statement {
  effect: "Allow" | "Deny";
  actions: { patterns: readonly string[]; isNegated: boolean };
  resources: { patterns: readonly string[]; isNegated: boolean };
  conditions: readonly { operator: string; key: string; values: readonly string[] }[];
}

/** What a set of policies says to one action on one resource. */
export interface Verdict {
  decision: "allowed" | "explicitDeny" | "implicitDeny";
  /** Condition keys that statements ask for and the question did not give. */
  missingKeys: readonly string[];
}

/** The statements of a policy. @throws AwsError MalformedPolicyDocument */
export function parsePolicy(text: string): Statement[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed("This policy contains invalid Json");
  }
  if (!isRecord(document)) throw malformed("Syntax errors in policy.");
  const { Version, Statement: raw } = document;
  if (Version !== undefined && Version !== "2012-10-17" && Version !== "2008-10-17")
    throw malformed("The policy failed legacy parsing");
  const statements = Array.isArray(raw) ? raw : [raw];
  return statements.map(toStatement);
}

/**
 * As IAM evaluates identity policies: a matching Deny wins, then a matching Allow. Conditions know StringEquals, StringLike,
 * ArnEquals and ArnLike; any other operator never holds, so that nothing is allowed by mistake.
 */
export function evaluate(
  statements: readonly Statement[],
  action: string,
  resource: string,
  context: ReadonlyMap<string, readonly string[]>,
): Verdict {
  const missing = new Set<string>();
  let isAllowed = false;
  for (const { effect, actions, resources, conditions } of statements) {
    if (!matches(actions, action, true) || !matches(resources, resource, false)) continue;
    for (const { key } of conditions) if (!context.has(key.toLowerCase())) missing.add(key);
    if (!conditions.every((condition) => holds(condition, context))) continue;
    if (effect === "Deny") return { decision: "explicitDeny", missingKeys: [] };
    isAllowed = true;
  }
  return { decision: isAllowed ? "allowed" : "implicitDeny", missingKeys: isAllowed ? [] : [...missing] };
}

function toStatement(raw: unknown): Statement {
  if (!isRecord(raw) || (raw.Effect !== "Allow" && raw.Effect !== "Deny")) throw malformed("Syntax errors in policy.");
  if ("Principal" in raw) throw malformed("Policy document should not specify a principal.");
  const conditions = Object.entries(isRecord(raw.Condition) ? raw.Condition : {}).flatMap(([operator, keys]) =>
    Object.entries(isRecord(keys) ? keys : {}).map(([key, values]) => ({ operator, key, values: listOf(values) })),
  );
  return {
    effect: raw.Effect,
    actions: sideOf(raw, "Action"),
    resources: sideOf(raw, "Resource"),
    conditions,
  };
}

function sideOf(raw: Record<string, unknown>, name: "Action" | "Resource") {
  const isNegated = raw[`Not${name}`] !== undefined;
  const patterns = listOf(raw[isNegated ? `Not${name}` : name]);
  if (patterns.length === 0) throw malformed(`Policy statement must contain ${name.toLowerCase()}s.`);
  return { patterns, isNegated };
}

function matches(side: Statement["actions"], value: string, ignoresCase: boolean): boolean {
  return side.patterns.some((pattern) => toPattern(pattern, ignoresCase).test(value)) !== side.isNegated;
}

function holds(condition: Statement["conditions"][number], context: ReadonlyMap<string, readonly string[]>): boolean {
  const found = context.get(condition.key.toLowerCase());
  if (!found) return condition.operator.endsWith("IfExists");
  const operator = condition.operator.replace(/IfExists$/, "");
  if (operator === "StringEquals") return condition.values.some((value) => found.includes(value));
  if (!["StringLike", "ArnLike", "ArnEquals"].includes(operator)) return false;
  return condition.values.some((value) => found.some((one) => toPattern(value, false).test(one)));
}

function toPattern(pattern: string, ignoresCase: boolean): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, ignoresCase ? "is" : "s");
}

function listOf(value: unknown): string[] {
  const items = Array.isArray(value) ? value : value === undefined ? [] : [value];
  if (!items.every((item) => typeof item === "string")) throw malformed("Syntax errors in policy.");
  return items;
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedPolicyDocumentException", message);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
