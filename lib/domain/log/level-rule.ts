import { type LogLevel, levelOfWord } from "./level-words.ts";

/** How an application's own format names its levels, where they are not told right by themselves. */
export interface LevelRule {
  /** The member of a JSON line, dots for nested ones, or the key of a `key=value` line. */
  field: string | null;
  /** Levels by the words or numbers that the lines have there, in lower case; beside the usual names. */
  words: Readonly<Record<string, LogLevel>>;
  /** Of lines that name none; null leaves them without. */
  otherwise: LogLevel | null;
}

/** The level by the rule; null where it says nothing of the line. */
export function levelByRule(text: string, { field, words, otherwise }: LevelRule): LogLevel | null {
  const value = field === null ? null : valueIn(text, field);
  const word = value?.trim().toLowerCase();
  const own = word !== undefined && Object.hasOwn(words, word) ? words[word] : undefined;
  if (own) return own;
  if (field === null) {
    const first = text
      .slice(0, 200)
      .toLowerCase()
      .split(/[^\p{L}\p{N}_]+/u);
    for (const each of first) {
      const level = Object.hasOwn(words, each) ? words[each] : undefined;
      if (level) return level;
    }
  }
  return levelOfWord(word) ?? (field === null ? null : otherwise);
}

function valueIn(text: string, field: string): string | null {
  if (/^\s*\{/.test(text)) {
    try {
      let value: unknown = JSON.parse(text);
      const whole = (value as Record<string, unknown>)[field];
      if (whole === undefined)
        for (const name of field.split(".")) value = (value as Record<string, unknown> | null)?.[name];
      else value = whole;
      return typeof value === "string" || typeof value === "number" ? String(value) : null;
    } catch {
      return null;
    }
  }
  for (const [, key, quoted, bare] of text.slice(0, 4000).matchAll(/(?:^|\s)([\w.@-]+)=(?:"((?:[^"\\]|\\.)*)"|(\S*))/g))
    if (key === field) return quoted ?? bare ?? null;
  return null;
}
