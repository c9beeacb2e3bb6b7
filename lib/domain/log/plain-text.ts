import { cutText } from "../text/cut-text.ts";
import { thousands } from "../text/thousands.ts";

/** Longer lines are cut for display: a few of them can hold up a browser. UTF-16 units, as JavaScript counts. */
export const MAX_LINE_LENGTH = 16_384;

const ESC = "\\u001b";
const ESCAPE_SEQUENCES = new RegExp(
  [
    `${ESC}\\][^\\u0007\\u001b]*(?:\\u0007|${ESC}\\\\|$)`, // operating system commands, as links and titles
    `${ESC}[PX^_][^\\u001b]*(?:${ESC}\\\\|$)`, // device control and other strings
    `(?:${ESC}\\[|\\u009b)[0-?]*[ -/]*[@-~]?`, // colours and cursor movement
    `${ESC}[ -/]*[0-~]?`,
  ].join("|"),
  "g",
);
// Directional overrides could make a line read differently from what it says.
const INVISIBLE = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** The line as plain text: terminal sequences and invisible controls removed, tabs and line breaks kept, long lines cut. */
export function toPlainText(raw: string): string {
  const cut = cutText(raw, MAX_LINE_LENGTH);
  const text = cut
    .replace(ESCAPE_SEQUENCES, "")
    .replace(/\r\n?/g, "\n")
    .replace(INVISIBLE, (character) => (character === "\t" || character === "\n" ? character : ""))
    .trimEnd();
  return cut === raw ? text : `${text}… (${countCharacters(raw, cut.length)} more characters)`;
}

/** A text of several lines as a file holds it: what follows the first is set in, so that none of it can pass for an entry of its own. */
export function asOneEntry(text: string): string {
  return text.replace(/[\n\u0085\u2028\u2029]/g, "\n    ");
}

/** Code points from `start` on; reading them all as graphemes would take seconds for a megabyte. */
function countCharacters(text: string, start: number): string {
  let count = 0;
  for (let at = start; at < text.length; at++) {
    if (isHighSurrogate(text.charCodeAt(at)) && isLowSurrogate(text.charCodeAt(at + 1))) at++;
    count++;
  }
  return thousands(count);
}

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number) => code >= 0xdc00 && code <= 0xdfff;

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII, whole
const ASCII = /^[\u0000-\u007f]*$/;
/** What is in a text and nobody reads: soft hyphens, zero-width spaces and joiners, marks of direction, variation selectors, fillers, and what draws an Arabic word out. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}|\u0640/gu;
/** What few lines have: the unseen, marks that stand alone, and a sigma at a word's end. */
const RARE = /[\u0300-\u036f\u03c2\u0640]|\p{Default_Ignorable_Code_Point}/u;

/**
 * A text as it is compared: composed or decomposed, full-width or half-width, in capitals or not, with or without Turkish's dot,
 * the same words are the same.
 */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // By way of the capitals "ß", "ẞ" and "SS" come out the same.
  const small = text.normalize("NFKC").replaceAll("ẞ", "SS").toUpperCase().toLowerCase();
  if (!RARE.test(small)) return small;
  return small.replace(UNSEEN, "").normalize("NFKC").replaceAll("i\u0307", "i").replaceAll("ς", "σ");
}
