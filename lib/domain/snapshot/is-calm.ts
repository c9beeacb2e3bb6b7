import type { Sentence } from "../sentence/sentence.ts";

/** Draining is as it always is: good to know, and nothing to be warned of. */
export function isCalm(warning: Sentence | undefined): boolean {
  return warning?.code === "caution.draining";
}
