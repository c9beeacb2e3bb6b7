import { inEnglish } from "../sentence/in-language.ts";
import type { Sentence } from "../sentence/sentence.ts";
import type { Blocker, BlockerCode } from "./blocker.ts";

/** A blocker from its sentences; `message` and `fix` are their English. */
export function blocker(code: BlockerCode, said: Sentence, fixSaid?: Sentence): Blocker {
  return {
    code,
    message: inEnglish(said),
    said,
    ...(fixSaid ? { fix: inEnglish(fixSaid), fixSaid } : {}),
  };
}
