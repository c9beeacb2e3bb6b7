import { findMessage } from "../../messages/catalogues.ts";
import { formatText } from "../../messages/format.ts";
import type { Language } from "../../messages/language.ts";
import { putInWords } from "./put-in-words.ts";
import type { Sentence } from "./sentence.ts";

/** The sentence in this language; null when the catalogue has no such sentence, as with records of another version. */
export function inLanguage(sentence: Sentence, language: Language): string | null {
  return putInWords(sentence, (namespace, key, values) => {
    const message = findMessage(language, namespace, key);
    return message === null ? null : formatText(message, language, values);
  });
}

/** The sentence in English, for the members of published answers that hold a text. */
export function inEnglish(sentence: Sentence): string {
  return inLanguage(sentence, "en") ?? sentence.code;
}
