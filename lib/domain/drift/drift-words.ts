import { isCount, partChangeSaid } from "../observation/configuration-parts.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { type Sentence, say } from "../sentence/sentence.ts";
import type { Drift } from "./ledger.ts";

/** "Weights changed from 100/0 to 80/20 at 12:03 UTC, not by Switchyard", and by whom where CloudTrail says so. */
export function driftSaid(drift: Drift): Sentence {
  const at = new Date(drift.seenAt).toISOString().slice(11, 16);
  const what = partChangeSaid(drift);
  if (isCount(drift.part)) return say("drift.countChanged", { what, at });
  const { by } = drift;
  switch (by?.state) {
    case "known":
      return say("drift.changedBy", { what, at, who: by.who });
    case "denied":
      return say("drift.changedDenied", { what, at, permission: by.permission });
    case "unknown":
    case "away":
      return say("drift.changedByWhom", { what, at, state: by.state });
    default:
      return say("drift.changed", { what, at });
  }
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
