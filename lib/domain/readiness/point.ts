import { inEnglish } from "../sentence/in-language.ts";
import type { Sentence } from "../sentence/sentence.ts";
import type { CheckOutcome, Point } from "./readiness.ts";

/** Points, as checks write them: a sentence, with its English beside it. */
export const pass = point("pass");
export const warn = point("warn");
export const fail = point("fail");
export const unknown = point("unknown");

function point(outcome: CheckOutcome): (evidence: Sentence) => Point {
  return (said) => ({ outcome, evidence: inEnglish(said), said });
}
