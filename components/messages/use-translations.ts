"use client";
import { useMemo } from "react";
import { formatText } from "@/lib/messages/format.ts";
import type { Language } from "@/lib/messages/language.ts";
import type { Namespace } from "@/lib/messages/types.ts";
import { useMessages } from "./messages-context.tsx";
import { type Sayer, sayerOf } from "./said.ts";
import { createTranslator, type Translator } from "./translator.ts";

/** Says the sentences of one room: `t("key", { placeholder })`. In a server component the same name reads the request. */
export function useTranslations<N extends Namespace>(namespace: N): Translator<N> {
  const { language, room } = useMessages();
  return useMemo(() => createTranslator(language, namespace, room(namespace)), [language, namespace, room]);
}

/** The language of the person who reads. */
export function useLanguage(): Language {
  return useMessages().language;
}

/** Says what a rule said: `said(blocker.said, blocker.message)`. */
export function useSaid(): Sayer {
  const { language, room } = useMessages();
  return useMemo(
    () =>
      sayerOf((namespace, key, values) => {
        const message = room(namespace)?.[key];
        return message === undefined ? null : formatText(message, language, values);
      }),
    [language, room],
  );
}
