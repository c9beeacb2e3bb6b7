import { type LogLevel, levelOfWord, WORDS_OF_LEVEL } from "./level-words.ts";

/** What stands before a line's message is short. */
const MAX_HEADER = 300;

const words = (isUsed: (word: string) => boolean) =>
  Object.values(WORDS_OF_LEVEL)
    .flat()
    .filter(isUsed)
    .toSorted((a, b) => b.length - a.length)
    .join("|");
/** Letters alone, and words that people write for other reasons, are levels only where a bracket or a colon says so. */
const AMBIGUOUS = [
  "deprecation",
  "note",
  "system",
  "config",
  "fail",
  "fine",
  "verbose",
  "information",
  "informational",
];
const isLatin = (word: string) => /^[a-z]/.test(word);
const PLAIN = words((word) => word.length > 2 && isLatin(word) && !AMBIGUOUS.includes(word));
const ANY = `${words((word) => word.length > 2 || !isLatin(word))}|debug\\d|trace\\d`;
const CAPITALS = PLAIN.toUpperCase();

const sticky = (source: string, flags = "") => new RegExp(source, `y${flags}`);

/** A level where a header may have one; each gives the word as its only group. */
const LEVELS: readonly RegExp[] = [
  // [error], [ warn], [core:error], <Error>, (WARN), {ERROR}, [ERROR/MainProcess], [main/INFO], [library.loans#info], [Error#SQL]
  sticky(`[[(<{]\\s*(?:\\w+:|[\\w.]{1,60}#|[\\w .#-]{1,40}/)?(${ANY})\\s*(?:[\\])>}]|/|#\\w+\\])`, "i"),
  // Sling: *ERROR* x
  sticky(`\\*(${CAPITALS})\\*(?=\\s)`),
  // Gitea: [E] x
  sticky("\\[([EWIDTF])\\](?=\\s)"),
  // "level: error, message: x", and a cell of CSV
  sticky(`(?:level|severity|lvl): ?["']?(${ANY})\\b`, "i"),
  sticky(`"(${CAPITALS})"(?=[,;])`),
  // [17:00:01 ERR], [2026-11-29T17:00:01Z ERROR app], [2026-11-29 17:00:01,123: ERROR/MainProcess]
  sticky(`\\[\\d[^\\]]{4,60}?[\\s:](${CAPITALS})(?=[\\s\\]/])`),
  // [ERROR 2026-11-29T17:00:01Z], [Error - 5:00:01 PM]
  sticky(`\\[(${CAPITALS}|Error|Warn|Warning|Info|Debug|Trace)(?: -)? \\d[^\\]]{4,60}\\]`),
  // app.ERROR: x
  sticky(`[\\w-]+\\.(${CAPITALS}): `),
  // E! x, E | x
  sticky("([EWIDNC])(?:! | \\| )"),
  // ERROR x, ERROR: x, WARN|x, ERROR/x, ERROR+4; not the HTTP method TRACE
  sticky(
    `(?!TRACE /)(${CAPITALS}|DEBUG\\d|(?:ERROR|WARN|INFO|DEBUG)[+-]\\d)(?=$|\\.{2,}|=>|\\(\\d+\\)|[\\s[\\]:;!|>)},/•│–—-])`,
  ),
  // SEVERE's siblings of java.util.logging and Postgres's LOG, Nest's LOG
  sticky("(FINE|CONFIG|VERBOSE)(?=:|\\s*\\[)"),
  // fail: x, error  : x, Warning: x; "Fine: 3 USD" and "System: Linux" are sentences
  sticky(`(?!(?:fine|system|config) {0,9}:)(${ANY}) {0,9}[:>](?=\\s|$)`, "i"),
  // "error\tx"
  sticky(`(?<=^)(${PLAIN})(?=\\t)`),
  // between separators: "\terror\t", "|Error|", " - warning - "
  sticky(`(?<=[\\t|]\\s*|- )(${ANY})(?=\\s{0,9}[\\t|]|\\s+-\\s)`, "i"),
];
const POSTGRES_LOG = sticky("로그(?=: {2})|LOG(?=:\\s|\\s+\\[| [CS]-0x)");

/** What may stand before a level; anything else is the message, and names none. */
const PIECES: readonly RegExp[] = [
  // Times, dates, numbers, addresses
  sticky("[\\d][\\d:.,TZ+/-]*(?=\\s|[\\[|\\];]|$|:)[:]?|\\d[\\d:.,TZ+/-]*(?=:?[A-Z]{3,})|[ap]m\\b,?", "i"),
  sticky("(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\\b[.,]?"),
  sticky("(?:AM|PM|오전|오후|UTC|GMT|Z|KST|CET|CEST|EST|PST|stdout|stderr|F|P)(?=\\s|$),?"),
  // A thread or a program in front of all: "main 17:00:01.123 INFO", "library ERROR 2026-11-29"
  sticky(`(?<=^)[A-Za-z][\\w-]{0,60}(?=\\s+(?:(?:${CAPITALS})\\s+)?(?:\\d{4}-\\d\\d-\\d\\d|\\d\\d:\\d\\d:\\d\\d))`),
  // A program in front of a level in brackets, and the letter of Ruby's Logger: "loans [error]", "[5a1] E, [2026-11-29…]"
  sticky(`(?<=^)[A-Za-z][\\w-]{0,60}(?=\\s+\\[(?:${ANY})\\])`),
  sticky("[DIWEFA],(?= \\[\\d)"),
  // Groups in brackets, one inside of another at most
  sticky("\\[(?:[^\\[\\]]|\\[[^\\[\\]]*\\]){0,160}\\]:?"),
  sticky("\\([^()]{0,120}\\):?|\\{[^{}]{0,120}\\}|<[^<>]{0,120}>"),
  sticky("(?:[-|:;,*>›»•→=!#~│ℹ\\ufe0f]|\\p{So})+", "u"),
  // A cell of CSV, and a process: "unbound[1:0]"
  sticky(
    '"[^"]{0,80}"[,;]|"\\d[\\d:.,TZ /+-]{6,40}"|[\\w.-]{1,60}(?:\\[[\\d:.]+\\]|\\(\\d+\\)|\\([\\w.@-]{1,60}\\)(?=:)):?',
  ),
  // A word that ends in a separator: "library-1  |", "uvicorn:", "name - "
  sticky("[\\w.@/$-]{1,80}(?:\\[[\\w.-]+\\])?(?=\\s*\\||\\t|:\\s|\\s[>-]\\s)"),
  // Fields before the message: "pid=31", but not the level's own
  sticky('(?!(?:level|lvl|severity|loglevel)=)[\\w.-]{1,40}=[^\\s"]{1,80}', "i"),
  // Names of loggers, threads, files and hosts: what has a digit, a dot, a slash, a colon or a capital inside
  sticky(
    "(?=[^\\s\"'(\\[{<]*[\\d./:_@#$-]\\w|[^\\s\"'(\\[{<]*(?:::|[a-z][A-Z]))[^\\s\"'(\\[{<|=?]{1,120}(?:\\[[^\\]]{0,60}\\])*:?",
  ),
];
/** "17:00:01 werkzeug INFO", "17:00:01 host app[31]:", "17:00:01 main ▶ ERRO": one word after a time, where a level or a syslog tag follows. */
const NAME_AFTER_TIME = sticky(
  `[a-z][\\w-]{0,40}(?=\\s+(?:(?:${CAPITALS})\\b|[\\w./-]+(?:\\[\\d+\\])?(?:\\(\\w+\\))?:\\s|(?:->|=>|[▶›»→]) (?:${CAPITALS})\\s))|[A-Z]\\w{0,40}(?=\\s+(?:${CAPITALS}|Error|Warning):\\s)`,
);
const HAS_TIME = /\d\d:\d\d/;

/** The level in front of a line's message; null where none stands there. */
export function levelInHeader(line: string): LogLevel | null {
  const header = line.slice(0, MAX_HEADER);
  const read = (pattern: RegExp, at: number): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(header);
  };
  let hasName = false;
  for (let at = skipSpace(header, 0); at < header.length; ) {
    for (const pattern of LEVELS) {
      const level = levelOfWord(read(pattern, at)?.[1]);
      if (level) return level;
    }
    if (read(POSTGRES_LOG, at)) return "info";
    let piece = PIECES.map((pattern) => read(pattern, at)?.[0] ?? "").find((text) => text !== "");
    if (piece === undefined && !hasName && HAS_TIME.test(header.slice(0, at))) {
      piece = read(NAME_AFTER_TIME, at)?.[0];
      hasName = piece !== undefined;
    }
    if (!piece) return null;
    at = skipSpace(header, at + piece.length);
  }
  return null;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at] ?? "")) at++;
  return at;
}
