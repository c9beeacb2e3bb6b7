import { graphemes } from "@/lib/domain/text/cut-text.ts";

/** Up to this many characters a name is shown whole wherever it stands. */
export const SHORT_NAME = 16;

const TAIL = 12;
const LEAD_IN = 2;

/** `text` in at most `max` characters, cut in the middle: names that machines make differ at their ends. */
export function cutMiddle(text: string, max = 32): string {
  const characters = charactersOf(text);
  if (characters.length <= max) return text;
  const tail = Math.floor((max - 1) / 2);
  return `${characters.slice(0, max - 1 - tail).join("")}…${characters.slice(-tail).join("")}`;
}

/**
 * A name in two parts, of which only the first gives way when room is short. The second holds the end; where `beside` begins
 * and ends the same, it holds the first characters that differ.
 */
export function splitName(text: string, beside?: string): { head: string; tail: string } {
  const characters = charactersOf(text);
  if (characters.length <= SHORT_NAME) return { head: text, tail: "" };
  const end = characters.length - TAIL;
  const whole = { head: characters.slice(0, end).join(""), tail: characters.slice(end).join("") };
  if (beside === undefined || beside === text) return whole;
  const others = charactersOf(beside);
  if (others.slice(-TAIL).join("") !== whole.tail) return whole;
  const first = characters.findIndex((character, i) => character !== others[i]);
  const from = Math.max(0, first - LEAD_IN);
  const tail = characters.slice(from, from + TAIL).join("");
  return { head: characters.slice(0, from).join(""), tail: from + TAIL < characters.length ? `${tail}…` : tail };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII, whole
const ASCII = /^[\u0000-\u007f]*$/;

/** What is read as one character stays one: a decomposed syllable, a flag, a family. */
function charactersOf(text: string): string[] {
  return ASCII.test(text) ? [...text] : Array.from(graphemes().segment(text), ({ segment }) => segment);
}
