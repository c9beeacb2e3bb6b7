import { putInWords, type Words } from "@/lib/domain/sentence/put-in-words.ts";
import type { Sentence } from "@/lib/domain/sentence/sentence.ts";

/**
 * Puts a sentence into the reader's language; `otherwise` is its English, for what this version's catalogue does not have and an
 * English browser never gets; a sentence may bring its own. What is text already stays as it is.
 */
export type Sayer = (sentence: Sentence | string | undefined, otherwise?: string) => string;

/** A sayer over these words. */
export function sayerOf(words: Words): Sayer {
  return (sentence, otherwise) => {
    if (typeof sentence === "string") return sentence;
    return (sentence && putInWords(sentence, words)) ?? otherwise ?? sentence?.otherwise ?? sentence?.code ?? "";
  };
}
