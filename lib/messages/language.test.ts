import fc from "fast-check";
import { expect, test } from "vitest";
import { acceptedLanguage, LANGUAGES, languageFor, languageOf } from "./language.ts";

test.each([
  [null, "en"],
  ["", "en"],
  ["ko", "ko"],
  ["KO-kr", "ko"],
  ["ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"],
  ["en-US,en;q=0.9,ko;q=0.8", "en"],
  ["en;q=0.5, ko;q=0.9", "ko"],
  ["ja, ko;q=0.5, en;q=0.4", "ko"],
  ["ko;q=0, en", "en"],
  ["ko;q=0", "en"],
  ["kok", "en"],
  ["*", "en"],
  ["de, *;q=0.1", "en"],
])("Accept-Language %j is %s", (header, language) => expect(acceptedLanguage(header)).toBe(language));

test.each([
  ["ko", "en", "ko"],
  ["en", "ko", "en"],
  ["xx", "ko", "ko"],
  [undefined, "ko", "ko"],
  [undefined, null, "en"],
] as const)("of the chosen %j and the asked for %j it is %s", (chosen, asked, language) =>
  expect(languageFor(chosen, asked)).toBe(language),
);

test("any header is some language", () => {
  fc.assert(fc.property(fc.string(), (header) => LANGUAGES.includes(acceptedLanguage(header))));
});

test.each<[string, string | null, string | null, string]>([
  ["what was chosen in the account menu goes before the browser's", "a=1; switchyard-language=ko; b=2", "en", "ko"],
  ["a choice that is none leaves it to the browser", "switchyard-language=xx", "ko", "ko"],
  ["another cookie's name that ends alike is not it", "my-switchyard-language=ko", null, "en"],
  ["nothing said is English", null, null, "en"],
])("%s", (_what, cookie, accepted, language) => {
  const headers = new Headers();
  if (cookie) headers.set("cookie", cookie);
  if (accepted) headers.set("accept-language", accepted);
  expect(languageOf(headers)).toBe(language);
});
