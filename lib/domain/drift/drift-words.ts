import { isCount, partChangeSaid } from "../observation/configuration-parts.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Drift } from "./ledger.ts";

/** "Weights changed from 100/0 to 80/20 at 12:03 UTC, not by Switchyard". */
export function driftSaid(drift: Drift): Sentence {
  const at = new Date(drift.seenAt).toISOString().slice(11, 16);
  return say(isCount(drift.part) ? "drift.countChanged" : "drift.changed", { what: partChangeSaid(drift), at });
}

/** The same in English. */
export function driftWords(drift: Drift): string {
  return inEnglish(driftSaid(drift));
}

/** A drift as pages and answers show it. */
export interface SeenDrift extends Drift {
  message: string;
  /** `message` in no language yet. */
  said?: Sentence;
}

/** The drift with its sentence. */
export function toSeenDrift(drift: Drift): SeenDrift {
  const said = driftSaid(drift);
  return { ...drift, message: inEnglish(said), said };
}
