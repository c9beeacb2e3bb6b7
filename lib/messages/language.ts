/** The languages that Switchyard speaks; English is the source that the others are held against. */
export const LANGUAGES = ["en", "ko"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: "English", ko: "한국어" };

/** The cookie that keeps what was chosen in the account menu. */
export const LANGUAGE_COOKIE = "switchyard-language";

/** The language of a reader: what was chosen, else what the browser asks for first of those there are, else English. */
export function languageFor(chosen: string | undefined, acceptLanguage: string | null): Language {
  return LANGUAGES.find((language) => language === chosen) ?? acceptedLanguage(acceptLanguage);
}

/** The language of whoever sends these headers. */
export function languageOf(headers: Headers): Language {
  const kept = (headers.get("cookie") ?? "").split(";").map((pair) => pair.trim());
  const chosen = kept.find((pair) => pair.startsWith(`${LANGUAGE_COOKIE}=`))?.slice(LANGUAGE_COOKIE.length + 1);
  return languageFor(chosen, headers.get("accept-language"));
}

/** The language that an Accept-Language header (RFC 9110, 12.5.4) likes best; English when it names none there is. */
export function acceptedLanguage(header: string | null): Language {
  const wanted = (header ?? "")
    .slice(0, 1000)
    .split(",")
    .map(readRange)
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of wanted) {
    const found = tag === "*" ? LANGUAGES[0] : LANGUAGES.find((language) => language === tag);
    if (found) return found;
  }
  return LANGUAGES[0];
}

/** "ko-KR;q=0.8" as its language and how much it is wanted. */
function readRange(range: string): { tag: string; quality: number } {
  const [name = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
  const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
  return { tag: name.split("-")[0] ?? "", quality: quality === undefined ? 1 : Number(quality) || 0 };
}
