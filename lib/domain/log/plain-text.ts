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

/** Looked back over for a place from which characters can be told; what is longer is no character that anybody reads. */
const WINDOW = 256;
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** As much of a text as fits into `max` UTF-16 units without parting what is read as one character. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const from = lastPlainBefore(text, max);
  // One unit more than fits says whether a character goes over the edge.
  const around = text.slice(from, max + WINDOW);
  let end = 0;
  for (const { index, segment } of segmenter.segment(around)) {
    if (from + index + segment.length > max) break;
    end = index + segment.length;
  }
  const first = segmenter.segment(around).containing(0)?.segment.length ?? 0;
  if (end > 0 || from > 0 || first <= WINDOW) return text.slice(0, from + end);
  return text.slice(0, isHighSurrogate(text.charCodeAt(max - 1)) ? max - 1 : max);
}

/** A place at or before the edge where a character surely begins: behind a line break, or before a letter of ASCII. */
function lastPlainBefore(text: string, max: number): number {
  for (let at = max - 1; at > Math.max(0, max - WINDOW); at--) {
    const code = text.charCodeAt(at);
    if (code >= 0x20 && code < 0x7f) return at;
  }
  const start = Math.max(0, max - WINDOW);
  return start > 0 && isLowSurrogate(text.charCodeAt(start)) ? start - 1 : start;
}

/** Code points from `start` on; reading them all as graphemes would take seconds for a megabyte. */
function countCharacters(text: string, start: number): string {
  let count = 0;
  for (let at = start; at < text.length; at++) {
    if (isHighSurrogate(text.charCodeAt(at)) && isLowSurrogate(text.charCodeAt(at + 1))) at++;
    count++;
  }
  return count.toLocaleString("en");
}

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number) => code >= 0xdc00 && code <= 0xdfff;

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII, whole
const ASCII = /^[\u0000-\u007f]*$/;

/** A text as it is compared: composed or decomposed, in capitals or not, the same words are the same. */
export function foldText(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  // By way of the capitals, "ß" and "SS", and both of Greek's small sigmas, come out the same.
  return text.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
}
