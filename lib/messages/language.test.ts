import fc from "fast-check";
import { expect, test } from "vitest";
import { acceptedLanguage, LANGUAGES, languageFor } from "./language.ts";

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
