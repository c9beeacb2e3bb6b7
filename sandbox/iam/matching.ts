import type { PolicyCondition, PolicyStatement } from "./policy-document.ts";

/** One permission that a call needs: an action on a resource, with the values of the condition keys that AWS knows of it. */
export interface AskedAction {
  action: string;
  /** An ARN; "*" where AWS checks no single resource. */
  resource: string;
  context: Readonly<Record<string, string>>;
}

/** Whether the statement speaks of what is asked; its effect is another matter. */
export function appliesTo(statement: PolicyStatement, asked: AskedAction): boolean {
  const { actions, resources } = statement;
  const action = actions.patterns.some((pattern) => matches(pattern.toLowerCase(), asked.action.toLowerCase()));
  const resource = resources.patterns.some((pattern) => matchesArn(pattern, asked.resource));
  return (
    action !== actions.not &&
    resource !== resources.not &&
    statement.conditions.every((condition) => holds(condition, asked.context))
  );
}

/** `*` stands for any characters, `?` for one; everything else for itself. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  return new RegExp(`^${source}$`).test(text);
}

/** An ARN's first five parts match each by itself: a wildcard does not reach beyond their colon, but for the last part's. */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === "*") return true;
  const parts = arnParts(arn);
  return parts.length === 6 && arnParts(pattern).every((part, index) => matches(part, parts[index] ?? ""));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

function holds({ operator, key, values }: PolicyCondition, context: AskedAction["context"]): boolean {
  const ifExists = operator.endsWith("IfExists");
  const plain = operator.replace(/IfExists$/, "");
  const isNegated = plain.includes("Not");
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  // A key that the request does not have: no positive condition on it holds, every negated one does.
  if (!found) return ifExists || isNegated;
  return values.some((value) => compare(plain.replace("Not", ""), value, found[1])) !== isNegated;
}

function compare(operator: string, pattern: string, value: string): boolean {
  if (operator === "StringEquals") return pattern === value;
  if (operator === "StringEqualsIgnoreCase") return pattern.toLowerCase() === value.toLowerCase();
  if (operator === "StringLike") return matches(pattern, value);
  return matchesArn(pattern, value);
}
