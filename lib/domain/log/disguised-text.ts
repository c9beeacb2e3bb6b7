/** What may stand between characters or in their place: only a text with one of these is worth a second look. */
const DISGUISE =
  /[\p{Cf}\uff01-\uff5e\u115f\u1160\u3164]|(?![\t\n\r])\p{Cc}|\\u00[0-7]|\\x[0-7]|\\\/|%(?:25)*[2-7][0-9a-f]|&(?:quot|amp|#0*(?:34|38)|#x0*2[26]);/iu;
/** Terminal sequences, which may colour a part of a word, and characters that nobody sees. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences begin with one
  /\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[ -/]*[0-~]?|(?![\t\n\r])[\p{Cc}\p{Cf}\u115f\u1160\u3164]/gu;
const ESCAPED =
  /\\u00([2-7][0-9a-f])|\\x([2-7][0-9a-f])|\\(\/)|%([2-7][0-9a-f])|&(?:(quot|#0*34|#x0*22)|(?:amp|#0*38|#x0*26));/gi;
const FULL_WIDTH = /[\uff01-\uff5e]+/g;
/** Each round takes one layer off, and what proxies and loggers write has two or three. */
const MOST_ROUNDS = 8;

/**
 * The text without what hides a part of it: terminal sequences, unseen characters, full-width letters, JSON's, URLs' and HTML's escapes, in layers.
 * Null where it has none of them.
 */
export function undisguise(text: string): string | null {
  if (!DISGUISE.test(text)) return null;
  let read = text.replace(UNSEEN, "").replace(FULL_WIDTH, (character) => character.normalize("NFKC"));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = read;
    read = read.replace(
      ESCAPED,
      (_whole, json?: string, hex?: string, slash?: string, percent?: string, quote?: string) => {
        const code = json ?? hex ?? percent;
        const character = code ? String.fromCharCode(Number.parseInt(code, 16)) : (slash ?? (quote ? '"' : "&"));
        // Inside of JSON a quote stays one that is escaped, or it would end the value too early.
        return character === '"' && json !== undefined ? '\\"' : character;
      },
    );
    if (read === before) break;
  }
  return read;
}
