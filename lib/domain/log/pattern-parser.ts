const MAX_REPEATS = 100;

/** A part of a regular expression; what it matches is told by UTF-16 units, -1 for the text's ends. */
export type Part =
  | { kind: "character"; matches: (code: number) => boolean }
  | { kind: "place"; holds: (before: number, after: number) => boolean }
  | { kind: "all"; parts: Part[] }
  | { kind: "any"; parts: Part[] }
  | { kind: "repeat"; part: Part; least: number; most: number };

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
const isWord = (code: number) =>
  isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
const isSpace = (code: number) => code >= 0 && /\s/.test(String.fromCharCode(code));
const isBreak = (code: number) => code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029;

const CLASSES: Readonly<Record<string, (code: number) => boolean>> = {
  d: isDigit,
  D: (code) => !isDigit(code),
  w: isWord,
  W: (code) => !isWord(code),
  s: isSpace,
  S: (code) => !isSpace(code),
};
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", f: "\f", v: "\v", "0": "\0" };

/** Reads JavaScript's notation. @throws Error with words for whoever typed it */
export function parsePattern(source: string, flags: string): Part {
  return new PatternParser(source, flags.includes("i"), flags.includes("s"), flags.includes("m")).parse();
}

class PatternParser {
  readonly #source: string;
  readonly #ignoresCase: boolean;
  readonly #dotIsAll: boolean;
  readonly #isMultiline: boolean;
  #at = 0;

  constructor(source: string, ignoresCase: boolean, dotIsAll: boolean, isMultiline: boolean) {
    this.#source = source;
    this.#ignoresCase = ignoresCase;
    this.#dotIsAll = dotIsAll;
    this.#isMultiline = isMultiline;
  }

  parse(): Part {
    const part = this.#alternatives();
    if (this.#at < this.#source.length) throw new Error("A closing bracket has no opening one");
    return part;
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #alternatives(): Part {
    const parts = [this.#sequence()];
    while (this.#take("|")) parts.push(this.#sequence());
    return parts.length === 1 ? (parts[0] ?? { kind: "all", parts }) : { kind: "any", parts };
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#source.length && !"|)".includes(this.#source[this.#at] ?? "")) parts.push(this.#repeated());
    return { kind: "all", parts };
  }

  #repeated(): Part {
    const part = this.#atom();
    const counted = /^\{(\d{1,4})(?:(,)(\d{0,4}))?\}/.exec(this.#source.slice(this.#at, this.#at + 12));
    let bounds: [number, number] | null = null;
    if (this.#take("*")) bounds = [0, Number.POSITIVE_INFINITY];
    else if (this.#take("+")) bounds = [1, Number.POSITIVE_INFINITY];
    else if (this.#take("?")) bounds = [0, 1];
    else if (counted) {
      this.#at += counted[0].length;
      const least = Number(counted[1]);
      bounds = [least, counted[2] === undefined ? least : counted[3] ? Number(counted[3]) : Number.POSITIVE_INFINITY];
    }
    if (bounds === null) return part;
    // As few as possible finds the same lines as many.
    this.#take("?");
    const [least, most] = bounds;
    if (least > MAX_REPEATS || (most !== Number.POSITIVE_INFINITY && most > MAX_REPEATS))
      throw new Error(`Nothing can be repeated more than ${MAX_REPEATS} times`);
    if (most < least) throw new Error("A repetition's bounds are in the wrong order");
    if (/^[*+]/.test(this.#source.slice(this.#at))) throw new Error("Nothing to repeat");
    return { kind: "repeat", part, least, most };
  }

  #atom(): Part {
    if (this.#take("(")) return this.#group();
    if (this.#take("[")) return { kind: "character", matches: this.#set() };
    if (this.#take(".")) return { kind: "character", matches: this.#dotIsAll ? () => true : (code) => !isBreak(code) };
    const multiline = this.#isMultiline;
    if (this.#take("^")) return { kind: "place", holds: (before) => before < 0 || (multiline && isBreak(before)) };
    if (this.#take("$")) return { kind: "place", holds: (_, after) => after < 0 || (multiline && isBreak(after)) };
    if (this.#take("\\")) return this.#escape();
    const character = this.#source[this.#at++] ?? "";
    if ("*+?".includes(character)) throw new Error("Nothing to repeat");
    return this.#literal(character);
  }

  #group(): Part {
    if (/^\?(?:[=!]|<[=!])/.test(this.#source.slice(this.#at)))
      throw new Error("Looking ahead or back is not supported");
    const named = /^\?(?::|<\w+>)/.exec(this.#source.slice(this.#at));
    if (named) this.#at += named[0].length;
    const part = this.#alternatives();
    if (!this.#take(")")) throw new Error("A group is not closed");
    return part;
  }

  #escape(): Part {
    const letter = this.#source[this.#at++];
    if (letter === undefined) throw new Error("The pattern ends in a backslash");
    if (letter === "b") return { kind: "place", holds: (before, after) => isWord(before) !== isWord(after) };
    if (letter === "B") return { kind: "place", holds: (before, after) => isWord(before) === isWord(after) };
    if (/[1-9k]/.test(letter)) throw new Error("References back are not supported");
    const named = CLASSES[letter];
    return named ? { kind: "character", matches: named } : this.#literal(this.#escaped(letter));
  }

  #escaped(letter: string): string {
    const code = letter === "x" ? 2 : letter === "u" ? 4 : 0;
    const digits = this.#source.slice(this.#at, this.#at + code);
    if (code === 0 || !new RegExp(`^[0-9a-f]{${code}}$`, "i").test(digits)) return CONTROLS[letter] ?? letter;
    this.#at += code;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #literal(character: string): Part {
    const wanted = (this.#ignoresCase ? character.toLowerCase() : character).charCodeAt(0);
    return { kind: "character", matches: (code) => code === wanted };
  }

  #set(): (code: number) => boolean {
    const isNegated = this.#take("^");
    const tests: ((code: number) => boolean)[] = [];
    while (!this.#take("]")) {
      const from = this.#member();
      const isRange = typeof from === "number" && this.#source[this.#at] === "-" && this.#source[this.#at + 1] !== "]";
      if (isRange) this.#at++;
      const to = isRange ? this.#member() : from;
      if (typeof from === "number" && typeof to === "number") tests.push(this.#range(from, to));
      else for (const test of [from, to]) if (typeof test !== "number") tests.push(test);
    }
    const isIn = (code: number) => tests.some((test) => test(code));
    return isNegated ? (code) => !isIn(code) : isIn;
  }

  /** The text is in small letters where case does not count; the range says what it said. */
  #range(from: number, to: number): (code: number) => boolean {
    if (to < from) throw new Error("A range of characters is in the wrong order");
    const isIn = (code: number) => code >= from && code <= to;
    if (!this.#ignoresCase) return isIn;
    return (code) => isIn(code) || isIn(String.fromCharCode(code).toUpperCase().charCodeAt(0));
  }

  #member(): number | ((code: number) => boolean) {
    const character = this.#source[this.#at++];
    if (character === undefined) throw new Error("A set of characters is not closed");
    if (character !== "\\") return character.charCodeAt(0);
    const letter = this.#source[this.#at++] ?? "\\";
    if (letter === "b") return 8;
    return CLASSES[letter] ?? this.#escaped(letter).charCodeAt(0);
  }
}
