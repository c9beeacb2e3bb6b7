import type { LogEvent } from "../domain/observation/log-line.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import type { Sentence } from "../domain/sentence/sentence.ts";

type Gap = Extract<LogEvent, { type: "gap" }>;

/** What a viewer is told of lines between two times (epoch ms) that are missing; `count` is null where nobody knows it. */
export function gapEvent(from: number, to: number, said: Sentence, count: number | null = null): Gap {
  return { type: "gap", from, to, count, reason: inEnglish(said), reasonSaid: said };
}
