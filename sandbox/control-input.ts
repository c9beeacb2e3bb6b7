/** Why a control request is refused: what is wrong and what to send instead. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly status: number;
  readonly field: string | null;
  readonly value: unknown;
  readonly fix: string;

  constructor(status: number, problem: { field?: string; value?: unknown; message: string; fix: string }) {
    super(problem.message);
    this.status = status;
    this.field = problem.field ?? null;
    this.value = problem.value;
    this.fix = problem.fix;
  }
}

/** A request body whose fields are read one by one; a field that nothing reads is a mistake of the sender. */
export interface ControlInput {
  text(field: string): string;
  optionalText(field: string): string | undefined;
  oneOf<const Value extends string>(field: string, values: readonly Value[]): Value;
  number(field: string, range: NumberRange): number;
  optionalNumber(field: string, range: NumberRange): number | undefined;
  numbers(field: string, range: NumberRange): Record<string, number>;
  raw(field: string): unknown;
  has(field: string): boolean;
  /** @throws ControlError naming a field that was sent but means nothing. */
  end(): void;
}

interface NumberRange {
  min: number;
  max: number;
  integer?: boolean;
}

/** Reads a JSON object. @throws ControlError */
export function readControlInput(body: string): ControlInput {
  const values = parse(body);
  const known = new Set<string>();
  const get = (field: string): unknown => {
    known.add(field);
    return Object.hasOwn(values, field) ? values[field] : undefined;
  };
  const refuse = (field: string, value: unknown, fix: string): never => {
    const message = value === undefined ? `${field} is missing` : `${field} is ${JSON.stringify(value)}`;
    throw new ControlError(400, { field, value, message, fix });
  };
  const number = (field: string, value: unknown, { min, max, integer }: NumberRange): number => {
    const isFine = typeof value === "number" && value >= min && value <= max && (!integer || Number.isInteger(value));
    return isFine
      ? value
      : refuse(field, value, `Send ${integer ? "a whole number" : "a number"} from ${min} to ${max}`);
  };
  return {
    text(field) {
      const value = get(field);
      return typeof value === "string" && value !== "" ? value : refuse(field, value, "Send a text that is not empty");
    },
    optionalText(field) {
      return get(field) === undefined ? undefined : this.text(field);
    },
    oneOf(field, allowed) {
      const value = get(field);
      const found = allowed.find((candidate) => candidate === value);
      return found ?? refuse(field, value, `Send one of ${allowed.join(", ")}`);
    },
    number: (field, range) => number(field, get(field), range),
    optionalNumber(field, range) {
      const value = get(field);
      return value === undefined ? undefined : number(field, value, range);
    },
    numbers(field, range) {
      const value = get(field);
      if (typeof value !== "object" || value === null || Array.isArray(value) || Object.keys(value).length === 0) {
        return refuse(field, value, "Send an object of a number for each name");
      }
      const entries = Object.entries(value).map(
        ([key, item]) => [key, number(`${field}.${key}`, item, range)] as const,
      );
      return Object.fromEntries(entries);
    },
    raw: get,
    has: (field) => get(field) !== undefined,
    end() {
      const unknown = Object.keys(values).find((field) => !known.has(field));
      if (unknown !== undefined) refuse(unknown, values[unknown], `Leave it out; known are ${[...known].join(", ")}`);
    },
  };
}

function parse(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = body.trim() === "" ? {} : JSON.parse(body);
  } catch {
    throw new ControlError(400, { message: "The body is not JSON", fix: "Send a JSON object" });
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ControlError(400, { value, message: "The body is no JSON object", fix: "Send a JSON object" });
}
