/** A regular expression that may be given by anybody: no text makes it take longer than its length times its size. */
export interface SafePattern {
  test(text: string): boolean;
  /** The first place that matches at or behind `from`, as far as it goes; null for none, and for places without a character. */
  find(text: string, from: number): { start: number; end: number } | null;
}

/** What a pattern's size is counted in; a bigger one is refused. */
const MAX_STEPS = 300;
const MAX_REPEATS = 100;

/** A part of a pattern, as a program for the machine below: `next` and `other` are places in the program. */
type Step =
  | { kind: "character"; matches: (code: number) => boolean; next: number }
  | { kind: "either"; next: number; other: number }
  | { kind: "place"; holds: (before: number, after: number) => boolean; next: number }
  | { kind: "end" };

type Part =
  | { kind: "character"; matches: (code: number) => boolean }
  | { kind: "place"; holds: (before: number, after: number) => boolean }
  | { kind: "all"; parts: Part[] }
  | { kind: "any"; parts: Part[] }
  | { kind: "repeat"; part: Part; least: number; most: number };

/**
 * Compiles JavaScript's notation without what only backtracking can do: no look-around and no references back.
 * @throws Error with words for whoever typed it
 */
export function compileSafePattern(source: string, flags = ""): SafePattern {
  const part = new PatternParser(source, flags.includes("i"), flags.includes("s"), flags.includes("m")).parse();
  const program: Step[] = [];
  emit(part, program);
  program.push({ kind: "end" });
  const fold = flags.includes("i");
  const folded = (text: string) => (fold ? text.toLowerCase() : text);
  return {
    test: (text) => run(program, folded(text)),
    // A text that grows in small letters has other places; there capitals count.
    find: (text, from) => findLongest(program, folded(text).length === text.length ? folded(text) : text, from),
  };
}

function emit(part: Part, program: Step[]): void {
  if (program.length > MAX_STEPS) throw new Error("The pattern is too large");
  const at = program.length;
  if (part.kind === "character") program.push({ kind: "character", matches: part.matches, next: at + 1 });
  else if (part.kind === "place") program.push({ kind: "place", holds: part.holds, next: at + 1 });
  else if (part.kind === "all") for (const each of part.parts) emit(each, program);
  else if (part.kind === "any") emitAny(part.parts, program);
  else emitRepeat(part, program);
}

function emitAny(parts: readonly Part[], program: Step[]): void {
  const ends: { kind: "either"; next: number; other: number }[] = [];
  parts.forEach((each, index) => {
    const isLast = index === parts.length - 1;
    const choice = { kind: "either" as const, next: program.length + 1, other: 0 };
    if (!isLast) program.push(choice);
    emit(each, program);
    if (isLast) return;
    const end = { kind: "either" as const, next: 0, other: 0 };
    program.push(end);
    ends.push(end);
    choice.other = program.length;
  });
  for (const end of ends) end.next = end.other = program.length;
}

function emitRepeat({ part, least, most }: Extract<Part, { kind: "repeat" }>, program: Step[]): void {
  for (let count = 0; count < least; count++) emit(part, program);
  if (most === Number.POSITIVE_INFINITY) {
    const choice = { kind: "either" as const, next: program.length + 1, other: 0 };
    const at = program.push(choice) - 1;
    emit(part, program);
    program.push({ kind: "either", next: at, other: at });
    choice.other = program.length;
    return;
  }
  const choices: { other: number }[] = [];
  for (let count = least; count < most; count++) {
    const choice = { kind: "either" as const, next: program.length + 1, other: 0 };
    program.push(choice);
    choices.push(choice);
    emit(part, program);
  }
  for (const choice of choices) choice.other = program.length;
}

/** Follows all ways through the program at once, one character after the other. */
function run(program: readonly Step[], text: string): boolean {
  let here: number[] = [];
  let there: number[] = [];
  const seenAt = new Int32Array(program.length).fill(-1);
  const stack: number[] = [];
  let isFound = false;

  function reach(start: number, at: number, into: number[]): void {
    stack.push(start);
    for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
      if (seenAt[place] === at) continue;
      seenAt[place] = at;
      const step = program[place];
      if (step?.kind === "either") stack.push(step.other, step.next);
      else if (step?.kind === "character") into.push(place);
      else if (step?.kind === "end") isFound = true;
      else if (step?.kind === "place" && step.holds(codeAt(text, at - 1), codeAt(text, at))) stack.push(step.next);
    }
  }

  for (let at = 0; at <= text.length; at++) {
    reach(0, at, here);
    if (isFound) return true;
    const code = codeAt(text, at);
    for (const place of here) {
      const step = program[place];
      if (step?.kind === "character" && code >= 0 && step.matches(code)) reach(step.next, at + 1, there);
    }
    if (isFound) return true;
    [here, there] = [there, here];
    there.length = 0;
  }
  return false;
}

/** The same with each way's beginning: the earliest wins, then the longest. Ways in `here` stand in the order of their beginnings. */
function findLongest(program: readonly Step[], text: string, from: number): { start: number; end: number } | null {
  let here: { place: number; start: number }[] = [];
  let there: { place: number; start: number }[] = [];
  const seenAt = new Int32Array(program.length).fill(-1);
  let best: { start: number; end: number } | null = null;

  function reach(first: number, start: number, at: number, into: { place: number; start: number }[]): void {
    const stack = [first];
    for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
      if (seenAt[place] === at) continue;
      seenAt[place] = at;
      const step = program[place];
      if (step?.kind === "either") stack.push(step.other, step.next);
      else if (step?.kind === "character") into.push({ place, start });
      else if (step?.kind === "place" && step.holds(codeAt(text, at - 1), codeAt(text, at))) stack.push(step.next);
      else if (step?.kind === "end" && at > start && (best === null || start <= best.start)) best = { start, end: at };
    }
  }

  for (let at = from; at <= text.length; at++) {
    if (best === null) reach(0, at, at, here);
    const code = codeAt(text, at);
    for (const { place, start } of here) {
      const step = program[place];
      const isBehind = best !== null && start > (best as { start: number }).start;
      if (!isBehind && step?.kind === "character" && code >= 0 && step.matches(code))
        reach(step.next, start, at + 1, there);
    }
    [here, there] = [there, here];
    there.length = 0;
    if (best !== null && here.length === 0) break;
  }
  return best;
}

const codeAt = (text: string, at: number) => (at < 0 || at >= text.length ? -1 : text.charCodeAt(at));
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
