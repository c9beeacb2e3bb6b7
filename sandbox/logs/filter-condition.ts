/** What a condition compares: a JSON value or a word of a space-delimited line. */
export type Scalar = string | number | boolean | null;

/** Answers whether a parsed expression holds, given the values each subject has in one log event. */
export type Expression<Subject> = (valuesOf: (subject: Subject) => Scalar[] | undefined) => boolean;

/** A filter pattern that AWS would refuse. */
export class FilterPatternError extends Error {
  override readonly name = "FilterPatternError";
}

type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=";
type Operand = { text: string; number: number | null; matcher: RegExp };

/** A position in a pattern; each `read…` advances only when it succeeds. */
export class PatternScanner {
  readonly text: string;
  at = 0;
  regexCount = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    this.skipSpaces();
    return this.at >= this.text.length;
  }

  skipSpaces(): void {
    while (this.at < this.text.length && /\s/.test(this.text.charAt(this.at))) this.at++;
  }

  /** Consumes the sticky match of `expression` (flag y) after spaces; null when it does not match here. */
  read(expression: RegExp): string | null {
    this.skipSpaces();
    return this.readHere(expression);
  }

  /** As `read`, but does not skip spaces first. */
  readHere(expression: RegExp): string | null {
    expression.lastIndex = this.at;
    const match = expression.exec(this.text);
    if (!match) return null;
    this.at += match[0].length;
    return match[0];
  }

  /** A double-quoted phrase without its quotes, or null when none starts here. */
  readQuoted(): string | null {
    const quoted = this.read(/"(?:[^"\\]|\\.)*"/y);
    return quoted === null ? null : quoted.slice(1, -1).replace(/\\(["\\])/g, "$1");
  }

  /** A %regular expression%, or null when none starts here. AWS allows two in one pattern. */
  readRegex(): RegExp | null {
    const source = this.read(/%[^%]*%/y);
    if (source === null) return null;
    if (++this.regexCount > 2) throw new FilterPatternError("more than two regular expressions");
    return compileRegex(source.slice(1, -1));
  }
}

// Only these characters, no groups: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html
const REGEX_CHARACTERS = /^(?:[A-Za-z0-9:_#=@/;,\-^$?[\]{}|*+. ]|\\[\x21-\x7e])+$/;

function compileRegex(source: string): RegExp {
  if (!REGEX_CHARACTERS.test(source)) throw new FilterPatternError("unsupported regular expression");
  try {
    return new RegExp(source);
  } catch {
    throw new FilterPatternError("unsupported regular expression");
  }
}

const escapeRegex = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function wildcardMatcher(text: string): RegExp {
  return new RegExp(`^${text.split("*").map(escapeRegex).join("[\\s\\S]*")}$`);
}

function readOperand(scanner: PatternScanner): Operand {
  const regex = scanner.readRegex();
  if (regex) return { text: regex.source, number: null, matcher: regex };
  const quoted = scanner.readQuoted();
  if (quoted !== null) return { text: quoted, number: null, matcher: wildcardMatcher(quoted) };
  const bare = scanner.read(/(?:(?!&&|\|\|)[^\s"%(){}\],])+/y);
  if (bare === null) throw new FilterPatternError("a value is missing");
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(bare);
  return { text: bare, number: isNumber ? Number(bare) : null, matcher: wildcardMatcher(bare) };
}

function compare(operator: Operator, operand: Operand, value: Scalar): boolean {
  if (operator === "=" || operator === "!=") {
    if (value === null) return false;
    const isEqual =
      typeof value === "number" && operand.number !== null
        ? value === operand.number
        : operand.matcher.test(String(value));
    return isEqual === (operator === "=");
  }
  const number = typeof value === "string" ? Number(value || Number.NaN) : value;
  if (typeof number !== "number" || Number.isNaN(number) || operand.number === null) return false;
  if (operator === "<") return number < operand.number;
  if (operator === "<=") return number <= operand.number;
  if (operator === ">") return number > operand.number;
  return number >= operand.number;
}

function readCondition<Subject>(scanner: PatternScanner, subject: Subject): Expression<Subject> {
  if (scanner.read(/NOT\s+EXISTS\b/iy)) return (valuesOf) => valuesOf(subject) === undefined;
  if (scanner.read(/EXISTS\b/iy)) return (valuesOf) => valuesOf(subject) !== undefined;
  const is = scanner.read(/IS\s+(?:NOT\s+)?(?:NULL|TRUE|FALSE)\b/iy)?.toUpperCase();
  if (is) {
    const wanted = is.endsWith("NULL") ? null : is.endsWith("TRUE");
    const isNegated = is.includes("NOT");
    return (valuesOf) => valuesOf(subject)?.some((value) => (value === wanted) !== isNegated) ?? false;
  }
  const operator = scanner.read(/!=|<=|>=|=!|=|<|>/y);
  if (!operator) throw new FilterPatternError("an operator is missing");
  const operand = readOperand(scanner);
  // AWS's own page writes `w1=!ERROR` for "not equal" in space-delimited patterns.
  const known = (operator === "=!" ? "!=" : operator) as Operator;
  if (/[<>]/.test(known) && operand.number === null) throw new FilterPatternError("a number is missing");
  return (valuesOf) => valuesOf(subject)?.some((value) => compare(known, operand, value)) ?? false;
}

/** Reads `a = 1 && (b = 2 || c = 3)`: && binds tighter than ||. `readSubject` reads what stands left of an operator. */
export function readExpression<Subject>(
  scanner: PatternScanner,
  readSubject: (scanner: PatternScanner) => Subject,
): Expression<Subject> {
  const readPrimary = (): Expression<Subject> => {
    if (!scanner.read(/\(/y)) return readCondition(scanner, readSubject(scanner));
    const inner = readOr();
    if (!scanner.read(/\)/y)) throw new FilterPatternError("a parenthesis is not closed");
    return inner;
  };
  const readAnd = (): Expression<Subject> => {
    const parts = [readPrimary()];
    while (scanner.read(/&&/y)) parts.push(readPrimary());
    return (valuesOf) => parts.every((part) => part(valuesOf));
  };
  const readOr = (): Expression<Subject> => {
    const parts = [readAnd()];
    while (scanner.read(/\|\|/y)) parts.push(readAnd());
    return (valuesOf) => parts.some((part) => part(valuesOf));
  };
  return readOr();
}
