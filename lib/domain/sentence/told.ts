import type { Language } from "../../messages/language.ts";
import { inEnglish, inLanguage } from "./in-language.ts";
import type { Sentence } from "./sentence.ts";

/** What a record tells: a sentence in no language yet, or text that stays as it is, such as AWS's own or a person's. */
export type Told = Sentence | string;

/** It in English, for the members of records and answers that hold a text. */
export function englishOf(told: Told): string {
  return typeof told === "string" ? told : inEnglish(told);
}

/** It in this language; text, and what the catalogue does not have, in English. */
export function toldIn(told: Told, language: Language): string {
  return typeof told === "string" ? told : (inLanguage(told, language) ?? inEnglish(told));
}

/** What a record keeps of it: its English, and the sentence where it is one. */
export function lineMembers(told: Told): { message: string; said?: Sentence } {
  const said = saidOf(told);
  return { message: englishOf(told), ...(said ? { said } : {}) };
}

/** Its sentence; undefined for text. */
export function saidOf(told: Told): Sentence | undefined {
  return typeof told === "string" ? undefined : told;
}
