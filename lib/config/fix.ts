import type { z } from "zod";
import { isSentence, type Sentence, say } from "../domain/sentence/sentence.ts";
import type { Told } from "../domain/sentence/told.ts";

/** What to give instead, as the `error` of a zod schema, which keeps texts alone; `fixOf` reads it back. */
export function fix(sentence: Sentence): string {
  return JSON.stringify(sentence);
}

/** What an issue's schema says to give instead; where it says nothing, what its check takes. */
export function fixOf(issue: z.core.$ZodIssue): Told {
  return sentenceIn(issue.message) ?? usualFix(issue);
}

function sentenceIn(text: string): Sentence | null {
  try {
    const value: unknown = JSON.parse(text);
    return isSentence(value) ? value : null;
  } catch {
    return null;
  }
}

function usualFix(issue: z.core.$ZodIssue): Sentence {
  switch (issue.code) {
    case "invalid_type":
      return say("input.type", { type: issue.expected });
    case "too_big":
      return say("input.tooBig", { origin: issue.origin, limit: Number(issue.maximum) });
    case "too_small":
      return say("input.tooSmall", { origin: issue.origin, limit: Number(issue.minimum) });
    case "invalid_value":
      return say("input.oneOf", { values: issue.values.map(String).join(", ") });
    case "unrecognized_keys":
      return say("input.leaveOut");
    default:
      return say("input.otherForm");
  }
}
