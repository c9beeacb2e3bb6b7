import { MOST_DEPTH, type Sentence } from "./sentence.ts";

/** Finds a room's message and puts values in; null when there is none. */
export type Words = (namespace: string, key: string, values: Record<string, string | number>) => string | null;

function putInner(value: Sentence, words: Words, depth: number): string | null {
  return depth < MOST_DEPTH ? putInWords(value, words, depth + 1) : null;
}

/** The sentence in words, with the sentences in its values; null when one of them is not known. */
export function putInWords(sentence: Sentence, words: Words, depth = 0): string | null {
  const dot = sentence.code.indexOf(".");
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(sentence.params)) {
    const text = typeof value === "object" ? (putInner(value, words, depth) ?? value.otherwise ?? null) : value;
    if (text === null) return null;
    values[name] = text;
  }
  return words(sentence.code.slice(0, dot), sentence.code.slice(dot + 1), values);
}
