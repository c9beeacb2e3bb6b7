/** Looked back over for a place from which characters can be told; what is longer is no character that anybody reads. */
const WINDOW = 256;
let made: Intl.Segmenter | null = null;

/** Tells what is read as one character. Made when first needed: the first one costs a browser 30 ms, and most text is ASCII. */
export function graphemes(): Intl.Segmenter {
  made ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return made;
}

/** As much of a text as fits into `max` UTF-16 units without parting what is read as one character. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const from = lastPlainBefore(text, max);
  // One unit more than fits says whether a character goes over the edge.
  const around = text.slice(from, max + WINDOW);
  let end = 0;
  for (const { index, segment } of graphemes().segment(around)) {
    if (from + index + segment.length > max) break;
    end = index + segment.length;
  }
  const first = graphemes().segment(around).containing(0)?.segment.length ?? 0;
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
  const first = start > 0 && isLowSurrogate(text.charCodeAt(start)) ? start - 1 : start;
  return startOfFlags(text, first);
}

/** Flags are pairs of letters: which two belong together, only the first of a row of them tells. */
function startOfFlags(text: string, from: number): number {
  let at = from;
  while (at >= 2 && isFlagLetter(text, at) && isFlagLetter(text, at - 2)) at -= 2;
  return at;
}

function isFlagLetter(text: string, at: number): boolean {
  const code = text.codePointAt(at) ?? 0;
  return code >= 0x1f1e6 && code <= 0x1f1ff;
}

const isHighSurrogate = (code: number) => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number) => code >= 0xdc00 && code <= 0xdfff;
