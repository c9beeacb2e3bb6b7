import { cookies, headers } from "next/headers";
import { cache } from "react";
import { LANGUAGE_COOKIE, type Language, languageFor } from "@/lib/messages/language.ts";

/** The language of the person who asks for this page. */
export const requestLanguage = cache(async (): Promise<Language> => {
  const [kept, sent] = await Promise.all([cookies(), headers()]);
  return languageFor(kept.get(LANGUAGE_COOKIE)?.value, sent.get("accept-language"));
});
