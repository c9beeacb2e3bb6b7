import { LOG_LEVELS } from "@/lib/domain/log/level-words.ts";
import { foldText } from "@/lib/domain/log/plain-text.ts";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";

/** A filter as typed: whether a line passes, and what is wrong with it where it cannot be understood. */
export interface LogFilter {
  source: string;
  matches: (line: LogLine) => boolean;
  problem: string | null;
}

const ALL: LogFilter = { source: "", matches: () => true, problem: null };
type Test = (line: LogLine) => boolean;

/**
 * Reads a filter: `/regex/` alone, or words that must all hold: `level:error` (that level and louder), `task:3e91`,
 * `field=value` (as logfmt or JSON writes it), `-word` (must not hold), anything else as text in any case.
 */
export function parseLogFilter(typed: string): LogFilter {
  const source = typed.trim();
  if (source === "") return ALL;
  const regex = /^\/(.+)\/([imsu]*)$/.exec(source);
  if (regex) {
    try {
      const pattern = new RegExp(regex[1] ?? "", regex[2]);
      return { source, matches: (line) => pattern.test(line.text), problem: null };
    } catch {
      return { source, matches: () => true, problem: "Not a regular expression yet: everything is shown" };
    }
  }
  const tests = source.split(/\s+/).map(parseWord);
  return { source, matches: (line) => tests.every((test) => test(line)), problem: null };
}

function parseWord(word: string): Test {
  if (word.length > 1 && word.startsWith("-")) {
    const test = parseWord(word.slice(1));
    return (line) => !test(line);
  }
  const level = /^level:(\w+)$/i.exec(word)?.[1]?.toLowerCase();
  const rank = LOG_LEVELS.findIndex((each) => each === level || (level === "warning" && each === "warn"));
  if (level && rank >= 0) return (line) => line.level !== null && LOG_LEVELS.indexOf(line.level) <= rank;
  const task = /^task:(\w+)$/i.exec(word)?.[1]?.toLowerCase();
  if (task) return (line) => line.taskId?.toLowerCase().startsWith(task) ?? false;
  const field = /^([\w.@-]+)=(.+)$/.exec(word);
  if (field?.[1] && field[2]) return fieldTest(field[1], field[2].replaceAll('"', ""));
  const text = foldText(word);
  return (line) => foldText(line.text).includes(text);
}

function fieldTest(name: string, value: string): Test {
  const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`(?:^|[\\s,{])"?${literal(name)}"?\\s*[=:]\\s*"?${literal(value)}(?=$|["\\s,}])`, "i");
  return (line) => pattern.test(line.text);
}
