import { LANGUAGES, type Language } from "./language.ts";

/* What a server that does nothing answers to a page's script. The browser has it in every language: that is how it knows it. */

/** How every answer begins that was given before anything was looked at: whoever reads it may try again. */
export const NOT_DONE: Readonly<Record<Language, string>> = {
  en: "Nothing was done",
  ko: "아무것도 하지 않았습니다",
};

/** Why a process that was told to end refuses what is new: another one answers in a moment. */
export const STOPPING: Readonly<Record<Language, string>> = {
  en: "Switchyard is stopping; ask again in a moment, when another replica or the next start answers",
  ko: "Switchyard가 종료되는 중입니다. 잠시 후 다시 시도하면 다른 복제본이나 다시 시작된 프로세스가 응답합니다",
};

/** Longer ones are not ours. */
const MOST_CHARACTERS = 600;

/** What such an answer says, of what a page caught; null for any other failure, after which something may have been done. */
export function notDoneWords(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { message } = error;
  const language = LANGUAGES.find((each) => message.startsWith(`${NOT_DONE[each]}:`));
  if (language === undefined) return null;
  return message.length <= MOST_CHARACTERS ? message : NOT_DONE[language];
}

/** Whether it is the answer of a process that stops. */
export function isStopping(error: unknown): boolean {
  const words = notDoneWords(error);
  return words !== null && LANGUAGES.some((language) => words.includes(STOPPING[language]));
}
