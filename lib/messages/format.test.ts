import { expect, test } from "vitest";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { say } from "../domain/sentence/sentence.ts";

const HEBREW = "\u05e9\u05dc\u05d5\u05dd";

test.each([
  ["a text from left to right, as it is", "library 1.1", "library 1.1"],
  ["Korean, as it is", "대출 서비스", "대출 서비스"],
  ["a text from right to left, by itself", HEBREW, `\u2068${HEBREW}\u2069`],
  ["what turns the direction round, without that", "kim\u202egpj.exe", "\u2068kimgpj.exe\u2069"],
  ["what would end the isolation, without that", `${HEBREW}\u2069 evil`, `\u2068${HEBREW} evil\u2069`],
])("a value in a sentence: %s", (_, value, shown) => {
  expect(inEnglish(say("list.and", { before: value, last: "end" }))).toBe(`${shown} and end`);
});

test("a sentence in a sentence keeps the isolation of its own values", () => {
  const inner = say("list.and", { before: HEBREW, last: "x" });
  expect(inEnglish(say("list.comma", { before: inner, last: "y" }))).toBe(`\u2068\u2068${HEBREW}\u2069 and x\u2069, y`);
});
