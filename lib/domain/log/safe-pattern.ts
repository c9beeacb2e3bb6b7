import { type Part, parsePattern } from "./pattern-parser.ts";

/** A regular expression that may be given by anybody: no text makes it take longer than its length times its size. */
export interface SafePattern {
  test(text: string): boolean;
  /** The first place that matches at or behind `from`, as far as it goes; null for none, and for places without a character. */
  find(text: string, from: number): { start: number; end: number } | null;
}

/** What a pattern's size is counted in; a bigger one is refused. */
const MAX_STEPS = 300;

/** A part of a pattern, as a program for the machine below: `next` and `other` are places in the program. */
type Step =
  | { kind: "character"; matches: (code: number) => boolean; next: number }
  | { kind: "either"; next: number; other: number }
  | { kind: "place"; holds: (before: number, after: number) => boolean; next: number }
  | { kind: "end" };

/**
 * Compiles JavaScript's notation without what only backtracking can do: no look-around and no references back.
 * @throws Error with words for whoever typed it
 */
export function compileSafePattern(source: string, flags = ""): SafePattern {
  const part = parsePattern(source, flags);
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
