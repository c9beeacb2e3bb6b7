import fc from "fast-check";
import { expect, test } from "vitest";
import { inLanguage } from "../domain/sentence/in-language.ts";
import { isSentence, type Sentence, say } from "../domain/sentence/sentence.ts";
import { readSentences, sentencesText } from "./audit-sentences.ts";

test("what a row says is read back as it was kept, sentences in its values too", () => {
  const inner = say("auditRow.stands", { status: "IN_PROGRESS", stage: "BAKE_TIME" });
  const kept = { said: say("auditRow.ended", { kind: "RELEASE", stands: inner }), afterSaid: inner };
  expect(readSentences(sentencesText(kept))).toEqual(kept);
  expect(sentencesText({})).toBeNull();
});

const depths = (count: number): Sentence =>
  count === 0 ? say("auditRow.valid") : { code: "told.next", params: { first: depths(count - 1), second: "" } };

test.each<[string, string | null]>([
  ["nothing", null],
  ["no JSON", "{"],
  ["a list", "[1]"],
  ["null", "null"],
  ["a value that is null", '{"said":{"code":"step.aborted","params":{"by":null}}}'],
  ["no values", '{"said":{"code":"step.aborted"}}'],
  ["values that are a list", '{"said":{"code":"step.aborted","params":["a"]}}'],
  ["a code that is none", '{"said":{"code":1,"params":{}}}'],
  ["an endless one", JSON.stringify({ said: depths(40) })],
  ["another member", '{"__proto__":{"said":{"code":"step.aborted","params":{}}}}'],
])("%s, as somebody may have written it there, is not shown", (_what, text) => {
  expect(readSentences(text)).toEqual({});
});

test("whatever is there, what is read can be put into words without failing", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const { said } = readSentences(`{"said":${text}}`);
      if (said) inLanguage(said, "ko");
      return said === undefined || isSentence(said);
    }),
  );
});
