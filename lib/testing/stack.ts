import type { Template, TemplateResource } from "./template.ts";

/** What a resource came to: what Ref and GetAtt answer with. */
export interface Made {
  ref: string;
  attributes: Readonly<Record<string, string>>;
}

/** Makes one resource from its properties. */
export type Maker = (properties: Readonly<Record<string, unknown>>) => Promise<Made>;

/** A stack as CloudFormation has it once everything of it is there. */
export interface Stack {
  outputs: Readonly<Record<string, string>>;
}

const ACCOUNT = "123456789012";

/**
 * Applies a template: each resource once what it refers to is there, those of conditions that do not hold not at all.
 * @throws for a parameter without a value, and for a type that nobody makes
 */
export async function applyTemplate(
  template: Template,
  given: Readonly<Record<string, string>>,
  region: string,
  makers: Readonly<Record<string, Maker>>,
): Promise<Stack> {
  const { Parameters = {}, Conditions = {}, Resources, Outputs = {} } = template;
  const strange = Object.keys(given).find((name) => !Object.hasOwn(Parameters, name));
  if (strange !== undefined) throw new Error(`Parameters: [${strange}] do not exist in the template`);
  const made = new Map<string, Promise<Made>>();

  function parameter(name: string): unknown {
    const { Type, Default } = Parameters[name] ?? { Type: "" };
    const value = given[name] ?? Default;
    if (value === undefined) throw new Error(`Parameters: [${name}] must have values`);
    return Type.startsWith("List<") ? String(value).split(",") : String(value);
  }

  async function reference(name: string): Promise<unknown> {
    const pseudo: Record<string, string> = {
      "AWS::Region": region,
      "AWS::AccountId": ACCOUNT,
      "AWS::Partition": "aws",
      "AWS::URLSuffix": "amazonaws.com",
    };
    if (Object.hasOwn(pseudo, name)) return pseudo[name];
    return Object.hasOwn(Parameters, name) ? parameter(name) : (await make(name)).ref;
  }

  async function attribute(path: string): Promise<string> {
    const [name = "", ...rest] = path.split(".");
    const value = (await make(name)).attributes[rest.join(".")];
    if (value === undefined) throw new Error(`${name} has no attribute ${rest.join(".")}`);
    return value;
  }

  async function valueOfFunction(name: string, argument: unknown): Promise<unknown> {
    if (name === "Ref") return reference(String(argument));
    if (name === "GetAtt") return attribute(Array.isArray(argument) ? argument.join(".") : String(argument));
    if (name === "GetAZs") return ["a", "b", "c"].map((letter) => `${region}${letter}`);
    if (name === "Sub") {
      const pieces = String(argument).split(/\$\{([^}]+)\}/);
      const values = pieces.map((piece, index) =>
        index % 2 === 0 ? piece : piece.includes(".") ? attribute(piece) : reference(piece),
      );
      return (await Promise.all(values)).join("");
    }
    const values = await Promise.all((argument as unknown[]).map((one) => resolve(one)));
    const [first, second, third] = values;
    if (name === "Select") return (second as unknown[])[Number(first)];
    if (name === "Join") return (second as unknown[]).join(String(first));
    if (name === "Equals") return first === second;
    if (name === "Not") return !first;
    if (name === "If") return (await holds(String(first))) ? second : third;
    if (name === "Cidr") {
      const [a, b] = String(first).split(".");
      return Array.from({ length: Number(second) }, (_, index) => `${a}.${b}.${index}.0/${32 - Number(third)}`);
    }
    throw new Error(`the function ${name} is not known here`);
  }

  async function resolve(value: unknown): Promise<unknown> {
    if (Array.isArray(value)) return Promise.all(value.map(resolve));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value);
    const [name, argument] = entries[0] ?? [];
    const isFunction =
      entries.length === 1 && /^(?:Ref|Sub|GetAtt|Select|Cidr|GetAZs|Join|Equals|Not|If)$/.test(name ?? "");
    if (isFunction) return valueOfFunction(name ?? "", argument);
    return Object.fromEntries(
      await Promise.all(entries.map(async ([key, inner]) => [key, await resolve(inner)] as const)),
    );
  }

  async function holds(name: string): Promise<boolean> {
    return Boolean(await resolve(Conditions[name]));
  }

  function make(name: string): Promise<Made> {
    const known = made.get(name);
    if (known) return known;
    const resource = Resources[name];
    if (!resource) throw new Error(`there is no resource ${name}`);
    const work = makeResource(resource);
    made.set(name, work);
    return work;
  }

  async function makeResource({ Type, DependsOn = [], Properties = {} }: TemplateResource): Promise<Made> {
    const maker = makers[Type];
    if (!maker) throw new Error(`nobody makes ${Type} here`);
    for (const before of [DependsOn].flat()) await make(before);
    // Safe because an object of properties stays one.
    return maker((await resolve(Properties)) as Record<string, unknown>);
  }

  for (const [name, { Condition }] of Object.entries(Resources))
    if (Condition === undefined || (await holds(Condition))) await make(name);
  const outputs: Record<string, string> = {};
  for (const [name, { Value, Condition }] of Object.entries(Outputs))
    if (Condition === undefined || (await holds(Condition))) outputs[name] = String(await resolve(Value));
  return { outputs };
}
