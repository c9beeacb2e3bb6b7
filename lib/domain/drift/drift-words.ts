import { isCount, partChangeWords } from "../observation/configuration-parts.ts";
import type { Sentence } from "../sentence/sentence.ts";
import type { Drift } from "./ledger.ts";

/** "Weights changed from 100/0 to 80/20 at 12:03 UTC, not by Switchyard". */
export function driftWords(drift: Drift): string {
  const words = partChangeWords(drift);
  const at = `${new Date(drift.seenAt).toISOString().slice(11, 16)} UTC`;
  const who = isCount(drift.part) ? ", not by Switchyard (autoscaling does this as well)" : ", not by Switchyard";
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} at ${at}${who}`;
}

/** A drift as pages and answers show it. */
export interface SeenDrift extends Drift {
  message: string;
  /** `message` in no language yet. */
  said?: Sentence;
}

/** The drift with its sentence. */
export function toSeenDrift(drift: Drift): SeenDrift {
  return { ...drift, message: driftWords(drift) };
}
