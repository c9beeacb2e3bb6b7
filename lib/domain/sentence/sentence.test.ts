import { expect, test } from "vitest";
import { inEnglish, inLanguage } from "./in-language.ts";
import { type Sentence, say } from "./sentence.ts";

const stopped = say("freeze.stopped", { scope: "one", by: "Kim", reason: "{audit} <b>week</b>" });

test("a sentence is said in either language, and its values stay as they are", () => {
  expect(inEnglish(stopped)).toBe("Deployments are frozen by Kim until it is lifted: {audit} <b>week</b>");
  expect(inLanguage(stopped, "ko")).toContain("{audit} <b>week</b>");
});

test("a sentence within a sentence is said in the same language", () => {
  const outer = say("freeze.stopped", { scope: "one", by: "Kim", reason: say("freeze.waitOrLift") });
  expect(inLanguage(outer, "ko")).toContain("롤백");
  expect(inEnglish(outer)).toContain("rollback and abort stay possible");
});

test.each<[string, Sentence]>([
  ["no such room", { code: "nothing.stopped", params: {} }],
  ["no such key", { code: "freeze.nothing", params: {} }],
  ["a name of every object", { code: "freeze.constructor", params: {} }],
  ["no dot", { code: "freeze", params: {} }],
  ["an unknown sentence inside", { code: "freeze.stopped", params: { reason: { code: "x.y", params: {} } } }],
])("%s is said in no language, so that the stored English stands", (_name, sentence) => {
  expect(inLanguage(sentence, "ko")).toBeNull();
});

test("a sentence that holds itself comes to an end", () => {
  const params: Record<string, Sentence> = {};
  const endless: Sentence = { code: "freeze.stopped", params };
  params.reason = endless;
  expect(inLanguage(endless, "ko")).toBeNull();
});
