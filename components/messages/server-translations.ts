import { use } from "react";
import { compiledRoom, findMessage } from "@/lib/messages/catalogues.ts";
import { formatText } from "@/lib/messages/format.ts";
import type { Language } from "@/lib/messages/language.ts";
import type { Namespace } from "@/lib/messages/types.ts";
import { requestLanguage } from "./request-language.ts";
import { type Sayer, sayerOf } from "./said.ts";
import { createTranslator, type Translator } from "./translator.ts";

/* What `#translations` is in server components; in the browser and in tests it is use-translations.ts. */

export function useTranslations<N extends Namespace>(namespace: N): Translator<N> {
  return translatorIn(use(requestLanguage()), namespace);
}

export function useLanguage(): Language {
  return use(requestLanguage());
}

export function useSaid(): Sayer {
  return sayerIn(use(requestLanguage()));
}

/** The same for async pages, which may not use hooks. */
export async function getTranslations<N extends Namespace>(namespace: N): Promise<Translator<N>> {
  return translatorIn(await requestLanguage(), namespace);
}

/** What puts a rule's code and values into words, for async pages. */
export async function getSaid(): Promise<Sayer> {
  return sayerIn(await requestLanguage());
}

function sayerIn(language: Language): Sayer {
  return sayerOf((namespace, key, values) => {
    const message = findMessage(language, namespace, key);
    return message === null ? null : formatText(message, language, values);
  });
}

function translatorIn<N extends Namespace>(language: Language, namespace: N): Translator<N> {
  return createTranslator(language, namespace, compiledRoom(language, namespace));
}
