import { inTime } from "../async/within.ts";
import { forEverybody } from "../aws/question.ts";

/** A reading that takes longer hangs: nobody waits for its end before they ask for themselves. */
const HANGING_MS = 1_500;

/** Readings that all who ask for the same meanwhile share, by name and by what is asked for. */
export interface SharedRefreshes<T, O> {
  /** A reading whose calls are all sent after this question: where one is under way the next, which begins once that ends or hangs. */
  after(name: string, options: O): Promise<T>;
  /** A reading that may be under way already. */
  joined(name: string, options: O): Promise<T>;
}

/** `read` makes one; `keyOf` says who may share it, so that a question holds up no action. */
export function createSharedRefreshes<T, O>(
  read: (name: string, options: O) => Promise<T>,
  keyOf: (options: O) => string,
  hangingMs = HANGING_MS,
): SharedRefreshes<T, O> {
  interface Refresh {
    current: Promise<T>;
    next: Promise<T> | null;
  }
  const underWay = new Map<string, Refresh>();
  const keyFor = (name: string, options: O) => `${name} ${keyOf(options)}`;

  function start(name: string, options: O): Promise<T> {
    const key = keyFor(name, options);
    const current = forEverybody(() => read(name, options)).finally(() => {
      const entry = underWay.get(key);
      if (entry?.current === current && !entry.next) underWay.delete(key);
    });
    underWay.set(key, { current, next: null });
    return current;
  }

  return {
    after(name, options) {
      const entry = underWay.get(keyFor(name, options));
      if (!entry) return start(name, options);
      // Its reads may have been sent before this question, so that they do not count as fresh.
      const { current } = entry;
      entry.next ??= inTime(
        hangingMs,
        current.catch(() => null),
      ).then(() => start(name, options));
      return entry.next;
    },
    joined: (name, options) => underWay.get(keyFor(name, options))?.current ?? start(name, options),
  };
}
