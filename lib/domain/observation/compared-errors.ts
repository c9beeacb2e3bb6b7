import type { Sentence } from "../sentence/sentence.ts";
import { type ErrorComparison, type ErrorKind, FALSE_ALARMS } from "./error-kinds.ts";

/** A comparison older than this says nothing any more: three turns were missed. */
export const COMPARED_STALE_MS = 90_000;

/** What was found when both sides' errors were last compared, or why they were not. Times are epoch ms. */
export interface ComparedErrors {
  /** When the lines were asked for. */
  at: number;
  /** Id of the deployment whose sides they are; null where there was none. */
  about: string | null;
  /** Which look at them it is since the deployment began, or since its shift where that was made; 1 for the first. */
  look: number;
  found: ErrorComparison | null;
  /** Why there is none; null where there is. */
  why: Sentence | null;
}

/** The comparison, where it is of this deployment and not too old; null while nothing is known. */
export function comparisonOf(
  compared: ComparedErrors | undefined,
  about: string | null,
  now: number,
): { found: ErrorComparison; look: number } | null {
  if (!compared?.found || compared.about !== about || now - compared.at > COMPARED_STALE_MS) return null;
  return { found: compared.found, look: compared.look };
}

/** Kinds only on the new side or far more frequent there, by one look; none of it where they are fewer than count. */
export function countedKinds(found: ErrorComparison, { atLeast }: { atLeast: number }): ErrorKind[] {
  const kinds = [...found.onlyHere, ...found.moreHere];
  return kinds.length >= atLeast ? kinds : [];
}

/**
 * The same for what acts by itself, which looks again and again: look n may spend 1 / (n * (n + 1)) of `FALSE_ALARMS`, so that
 * over all looks at two sides that do not differ, however many, one deployment in a hundred is turned round by chance. What
 * was last written before `since` (epoch ms) does not count.
 */
export function surelyNewKinds(
  { found, look }: { found: ErrorComparison; look: number },
  { atLeast }: { atLeast: number },
  since: number,
): ErrorKind[] {
  const bound = FALSE_ALARMS / (Math.max(1, found.kinds) * look * (look + 1));
  const kinds = [...found.onlyHere, ...found.moreHere].filter((kind) => kind.chance <= bound && kind.lastAt >= since);
  return kinds.length >= atLeast ? kinds : [];
}
