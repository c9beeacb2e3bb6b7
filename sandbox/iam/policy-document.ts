/** One statement of a policy, with everything that may stand alone as a list. */
export interface PolicyStatement {
  sid: string | null;
  effect: "Allow" | "Deny";
  /** Patterns of actions; `not` turns them round (NotAction). */
  actions: { patterns: readonly string[]; not: boolean };
  /** Patterns of ARNs; `not` turns them round (NotResource). */
  resources: { patterns: readonly string[]; not: boolean };
  conditions: readonly PolicyCondition[];
}

/** One line of a Condition: true when the key's value matches any of the values. */
export interface PolicyCondition {
  /** As written, such as "StringLikeIfExists". */
  operator: string;
  key: string;
  values: readonly string[];
}

/** The condition operators that the sandbox knows; each also with IfExists. */
const CONDITION_OPERATORS = [
  "StringEquals",
  "StringNotEquals",
  "StringEqualsIgnoreCase",
  "StringLike",
  "StringNotLike",
  "ArnEquals",
  "ArnLike",
  "ArnNotEquals",
  "ArnNotLike",
] as const;

const STATEMENT_KEYS = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/** Reads an identity policy as IAM does. @throws Error naming the statement that IAM, or the sandbox, would not take */
export function parsePolicy(document: unknown): readonly PolicyStatement[] {
  const { Version, Statement, ...others } = asObject(document, "the policy");
  if (Version !== "2012-10-17") throw malformed(`Version is ${JSON.stringify(Version)}, not "2012-10-17"`);
  const [unknown] = Object.keys(others).filter((key) => key !== "Id");
  if (unknown) throw malformed(`a policy has no ${unknown}`);
  const statements = (Array.isArray(Statement) ? Statement : [Statement]).map((each, index) =>
    parseStatement(asObject(each, `statement ${index + 1}`), `statement ${index + 1}`),
  );
  const sids = statements.flatMap(({ sid }) => sid ?? []);
  if (new Set(sids).size < sids.length) throw malformed("Statement IDs (SID) in a single policy must be unique");
  return statements;
}

function parseStatement(statement: Record<string, unknown>, where: string): PolicyStatement {
  const unknown = Object.keys(statement).find((key) => !STATEMENT_KEYS.includes(key));
  if (unknown) throw malformed(`${where} has ${unknown}, which an identity policy does not know`);
  const { Sid, Effect } = statement;
  if (Sid !== undefined && (typeof Sid !== "string" || !/^[A-Za-z0-9]*$/.test(Sid)))
    throw malformed(`${where} has the Sid ${JSON.stringify(Sid)}: letters and digits only`);
  if (Effect !== "Allow" && Effect !== "Deny") throw malformed(`${where} needs the Effect Allow or Deny`);
  const actions = eitherOf(statement, "Action", "NotAction", where);
  const bad = actions.patterns.find((action) => action !== "*" && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/i.test(action));
  if (bad) throw malformed(`${where} has the action ${JSON.stringify(bad)}, which is not service:Action`);
  const resources = eitherOf(statement, "Resource", "NotResource", where);
  const notArn = resources.patterns.find((resource) => resource !== "*" && resource.split(":").length < 6);
  if (notArn) throw malformed(`${where} has the resource ${JSON.stringify(notArn)}, which is neither an ARN nor *`);
  const conditions = parseConditions(statement.Condition, where);
  return { sid: Sid ?? null, effect: Effect, actions, resources, conditions };
}

function eitherOf(statement: Record<string, unknown>, name: string, notName: string, where: string) {
  if ((statement[name] === undefined) === (statement[notName] === undefined))
    throw malformed(`${where} needs either ${name} or ${notName}`);
  const not = statement[name] === undefined;
  return { patterns: texts(statement[not ? notName : name], `${where}, ${not ? notName : name}`), not };
}

function parseConditions(condition: unknown, where: string): PolicyCondition[] {
  if (condition === undefined) return [];
  return Object.entries(asObject(condition, `${where}, Condition`)).flatMap(([operator, lines]) => {
    const plain = operator.replace(/IfExists$/, "");
    if (!CONDITION_OPERATORS.some((known) => known === plain))
      throw malformed(`${where} has the operator ${operator}, which the sandbox does not evaluate`);
    return Object.entries(asObject(lines, `${where}, ${operator}`)).map(([key, value]) => ({
      operator,
      key,
      values: texts(value, `${where}, ${operator} ${key}`),
    }));
  });
}

function texts(value: unknown, where: string): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length > 0 && list.every((each): each is string => typeof each === "string")) return list;
  throw malformed(`${where} is no text and no list of texts`);
}

function asObject(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw malformed(`${where} is no object`);
}

function malformed(message: string): Error {
  return new Error(`MalformedPolicyDocument: ${message}`);
}
