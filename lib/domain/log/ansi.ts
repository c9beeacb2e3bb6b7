import { cutText } from "../text/cut-text.ts";
import { MAX_LINE_LENGTH, toPlainText } from "./plain-text.ts";

/** The sixteen colours that terminals name; finer ones are shown as the nearest. */
const ANSI_COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
export type AnsiColour = (typeof ANSI_COLOURS)[number];

/** How a part of a line was printed: from one UTF-16 unit of its plain text up to another. */
export interface ColourSpan {
  from: number;
  to: number;
  colour?: AnsiColour;
  /** The colour behind it. */
  behind?: AnsiColour;
  bold?: true;
  underline?: true;
}

type Style = Omit<ColourSpan, "from" | "to">;

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
const COLOURING = /(?:\u001b\[|\u009b)([\d;:]*)m/g;
/** More of them are no colours but an attack on the page. */
const MOST_SPANS = 200;

/** The line as plain text, and how parts of it were coloured in a terminal; none where nothing was. */
export function readColours(raw: string): { text: string; colours: ColourSpan[] } {
  const text = toPlainText(raw);
  if (!raw.includes("\u001b") && !raw.includes("\u009b")) return { text, colours: [] };
  const colours: ColourSpan[] = [];
  let [style, at, done]: [Style, number, number] = [{}, 0, 0];
  const whole = cutText(raw, MAX_LINE_LENGTH);
  const add = (piece: string): void => {
    // Blanks count inside of a line, and only its end is trimmed.
    const to = at + toPlainText(`${piece}|`).length - 1;
    if (to > at && Object.keys(style).length > 0 && at < text.length)
      colours.push({ from: at, to: Math.min(to, text.length), ...style });
    at = to;
  };
  for (const match of whole.matchAll(COLOURING)) {
    add(whole.slice(done, match.index));
    done = match.index + match[0].length;
    style = changed(style, (match[1] ?? "").split(/[;:]/).map(Number));
    if (colours.length > MOST_SPANS) return { text, colours: [] };
  }
  add(whole.slice(done));
  // Where the parts do not come to the whole, a sequence went over an edge: no colour is better than a wrong one.
  return at === toPlainText(`${whole}|`).length - 1 ? { text, colours } : { text, colours: [] };
}

/** What one sequence makes of what was before: 0 ends everything, 30 to 37 and 90 to 97 are colours, 38 and 48 finer ones. */
function changed(before: Style, codes: readonly number[]): Style {
  let style = { ...before };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    if (code === 0) style = {};
    else if (code === 1) style.bold = true;
    else if (code === 4) style.underline = true;
    else if (code === 22) delete style.bold;
    else if (code === 24) delete style.underline;
    else if (code === 39) delete style.colour;
    else if (code === 49) delete style.behind;
    else if (code === 38 || code === 48) {
      const [colour, used] = finer(codes.slice(i + 1));
      i += used;
      if (colour) style[code === 38 ? "colour" : "behind"] = colour;
    } else {
      const named = ANSI_COLOURS[code % 10];
      const tens = Math.floor(code / 10);
      if (named && code % 10 < 8 && (tens === 3 || tens === 9)) style.colour = named;
      if (named && code % 10 < 8 && (tens === 4 || tens === 10)) style.behind = named;
    }
  }
  return style;
}

/** 5;n of 256 and 2;r;g;b as the nearest of the eight, and how many numbers that took. */
function finer([kind, ...rest]: readonly number[]): [AnsiColour | null, number] {
  if (kind === 5) {
    const n = rest[0] ?? Number.NaN;
    if (!(n >= 0 && n <= 255)) return [null, 2];
    if (n < 16) return [ANSI_COLOURS[n % 8] ?? null, 2];
    if (n >= 232) return [n < 244 ? "black" : "white", 2];
    const cube = n - 16;
    return [nearest(Math.floor(cube / 36) * 51, (Math.floor(cube / 6) % 6) * 51, (cube % 6) * 51), 2];
  }
  return kind === 2 ? [nearest(rest[0] ?? 0, rest[1] ?? 0, rest[2] ?? 0), 4] : [null, 1];
}

const nearest = (r: number, g: number, b: number) =>
  ANSI_COLOURS[(r > 127 ? 1 : 0) + (g > 127 ? 2 : 0) + (b > 127 ? 4 : 0)] ?? null;

/** The colours of a text that lost so many units at its beginning; a negative number is of one that gained them. */
export function shifted(colours: readonly ColourSpan[], by: number): ColourSpan[] {
  return colours.flatMap((span) =>
    span.to > by ? [{ ...span, from: Math.max(0, span.from - by), to: span.to - by }] : [],
  );
}
