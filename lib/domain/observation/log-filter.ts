import { LOG_LEVELS } from "../log/level-words.ts";
import { foldText } from "../log/plain-text.ts";
import { compileSafePattern } from "../log/safe-pattern.ts";
import { containerOf } from "../log/stream-name.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import { LINE_ORIGINS, type LogLine } from "./log-line.ts";

/** A filter as typed: whether a line passes, and what is wrong with it where it cannot be understood. */
export interface LogFilter {
  source: string;
  matches: (line: LogLine) => boolean;
  /** Read anew with every look: a pattern that takes too long is given up later. */
  readonly problem: Sentence | null;
}

const ALL: LogFilter = { source: "", matches: () => true, problem: null };
type Test = (line: LogLine) => boolean;

/** What reading a filter needs of the outside: the time (epoch ms), and a clock (ms) by which a pattern's time is counted. */
export interface FilterClock {
  now: number;
  clock(): number;
  /** Milliseconds that a pattern may take of ten seconds; then it is given up, so that whoever runs it stays alive. */
  maxSpentMs: number;
}

const WORDS = /-?"[^"]+"|[\w.@-]+="[^"]*"|\S+/g;

/**
 * Reads a filter: `/regex/` alone, or words that must all hold: `level:error` (that level and louder), `task:3e91`,
 * `container:web`, `from:load-balancer` or `from:ecs`, `after:12:02` and `before:12:05:30` (today, or a whole date), `field=value` (as logfmt or JSON writes it),
 * `-word` (must not hold), anything else as text in any case, in quotes with its spaces.
 */
export function parseLogFilter(typed: string, outside: FilterClock): LogFilter {
  const source = typed.trim();
  if (source === "") return ALL;
  const regex = /^\/(.+)\/([imsu]*)$/.exec(source);
  if (regex) return patternFilter(source, regex[1] ?? "", regex[2] ?? "", outside);
  const tests = (source.match(WORDS) ?? []).map((word) => parseWord(word, outside.now));
  return { source, matches: (line) => tests.every((test) => test(line)), problem: null };
}

const WINDOW_MS = 10_000;

function patternFilter(
  source: string,
  pattern: string,
  flags: string,
  { clock, maxSpentMs }: Omit<FilterClock, "now">,
): LogFilter {
  let problem: Sentence | null = null;
  let since = clock();
  let spent = 0;
  let test: (text: string) => boolean;
  try {
    const safe = compileSafePattern(pattern.normalize("NFC"), flags);
    const native = isSurelyFast(pattern) ? new RegExp(pattern.normalize("NFC"), flags.replace("u", "")) : null;
    // JavaScript's own is faster on what cannot make it go back and forth.
    test = (text) => (native && text.length < 2000 ? native.test(text) : safe.test(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    return {
      source,
      matches: () => true,
      problem: say("logs.patternUnusable", { why: reason }),
    };
  }
  return {
    source,
    get problem() {
      return problem;
    },
    matches(line) {
      if (problem !== null) return true;
      const startedAt = clock();
      if (startedAt - since > WINDOW_MS) [since, spent] = [startedAt, 0];
      const matches = test(line.text.normalize("NFC"));
      spent += clock() - startedAt;
      if (spent > maxSpentMs) problem = say("logs.patternSlow");
      return matches;
    },
  };
}

/** Nothing that is repeated stands inside of a group, and one part alone may be of any length. */
function isSurelyFast(pattern: string): boolean {
  const bare = pattern.replace(/\\./g, "x").replace(/\[[^\]]*\]/g, "x");
  const unbounded = bare.match(/[*+]|\{\d+,\d*\}/g) ?? [];
  return unbounded.length <= 1 && !/\)[*+?{]/.test(bare);
}

function parseWord(word: string, now: number): Test {
  if (word.length > 1 && word.startsWith("-")) {
    const test = parseWord(word.slice(1), now);
    return (line) => !test(line);
  }
  const [, key = "", value = ""] = /^(level|task|container|from|after|before):(.+)$/i.exec(word) ?? [];
  const named = value === "" ? null : namedTest(key.toLowerCase(), value, now);
  if (named) return named;
  const field = /^([\w.@-]+)=(.+)$/.exec(word);
  if (field?.[1] && field[2]) return fieldTest(field[1], field[2].replaceAll('"', ""));
  return textTest(foldText(word.replace(/^"(.+)"$/, "$1")));
}

/** Beyond ASCII, Hangul and Chinese characters, letters have several forms: these are folded before they are compared. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII, whole
const HAS_FORMS = /[^\u0000-\u007f\uac00-\ud7a3\u4e00-\u9fff]/;

/** The same as folding each line, without making each anew: a hundred thousand lines are searched while somebody types. */
function textTest(text: string): Test {
  const asWritten = new RegExp(escapePattern(text), "i");
  return (line) => (HAS_FORMS.test(line.text) ? foldText(line.text).includes(text) : asWritten.test(line.text));
}

const escapePattern = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

function namedTest(key: string, value: string, now: number): Test | null {
  const small = value.toLowerCase();
  if (key === "level") {
    const rank = LOG_LEVELS.findIndex((each) => each === small || (small === "warning" && each === "warn"));
    return rank < 0 ? null : (line) => line.level !== null && LOG_LEVELS.indexOf(line.level) <= rank;
  }
  if (key === "task") return (line) => line.taskId?.toLowerCase().startsWith(small) ?? false;
  if (key === "container") return (line) => containerOf(line.stream)?.toLowerCase() === small;
  if (key === "from") return LINE_ORIGINS.some((each) => each === small) ? (line) => line.origin === small : null;
  const at = timeOf(value, now);
  if (at === null) return null;
  return key === "after" ? (line) => line.at >= at : (line) => line.at < at;
}

/** A clock time of the day that `now` is in, where the reader is, or a date with its time; null for neither. */
function timeOf(text: string, now: number): number | null {
  const clock = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/.exec(text);
  if (!clock) return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text)) ? Date.parse(text) : null;
  const at = new Date(now);
  at.setHours(Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0), 0);
  return at.getTime();
}

/**
 * The filter with its clock times as dates, so that it means the same where another clock goes by; as typed where it is a pattern.
 */
export function absoluteFilter(typed: string, now: number): string {
  if (/^\s*\//.test(typed)) return typed;
  return typed.replace(/(^|[\s-])(after|before):(\d{1,2}:\d\d(?::\d\d)?)(?=\s|$)/gi, (whole, lead, key, clock) => {
    const at = timeOf(clock, now);
    return at === null ? whole : `${lead}${key}:${new Date(at).toISOString()}`;
  });
}

function fieldTest(name: string, value: string): Test {
  const pattern = new RegExp(
    `(?:^|[\\s,{])"?${escapePattern(foldText(name))}"?\\s*[=:]\\s*"?${escapePattern(foldText(value))}(?=$|["\\s,}])`,
  );
  return (line) => pattern.test(foldText(line.text));
}
