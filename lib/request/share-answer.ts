import type { OperationRuntime } from "./context.ts";

/** More different questions than this within an answer's age are not shared. */
const MOST_KEPT = 500;

interface Shared {
  at: number;
  answer: Promise<unknown>;
}
const answersOf = new WeakMap<object, Map<string, Shared>>();

/** Makes the answer once for all who ask the same within `ageMs`; a failure is kept for nobody who asks later. */
export function shareAnswer<T>(
  runtime: Pick<OperationRuntime, "now">,
  key: string,
  ageMs: number,
  make: () => Promise<T>,
): Promise<T> {
  const now = runtime.now();
  const answers = answersOf.get(runtime) ?? new Map<string, Shared>();
  answersOf.set(runtime, answers);
  const known = answers.get(key);
  // Safe because a key is made of everything that its answer is made from.
  if (known && now - known.at <= ageMs) return known.answer as Promise<T>;
  for (const [old, { at }] of answers) if (now - at > ageMs) answers.delete(old);
  const answer = make();
  if (answers.size < MOST_KEPT) answers.set(key, { at: now, answer });
  answer.catch(() => answers.delete(key));
  return answer;
}
