import { inTime } from "./within.ts";

/** Work that goes first, and others that step aside for it. */
export interface Precedence {
  /** Lets others step aside until this has ended. */
  first<T>(work: Promise<T>): Promise<T>;
  /**
   * Resolves when what goes first at the time of the call has ended, or has had its time; null when nothing does, or when so many
   * wait already that one more would only make the queue behind it longer.
   */
  turn(): Promise<unknown> | null;
}

/** `longestMs` is how long anybody steps aside for one piece of work, `mostWaiting` how many do at the same time. */
export function createPrecedence({ longestMs, mostWaiting }: { longestMs: number; mostWaiting: number }): Precedence {
  const underWay = new Set<Promise<unknown>>();
  let waiting = 0;
  return {
    first(work) {
      const bounded: Promise<unknown> = inTime(longestMs, work)
        .catch(() => undefined)
        .finally(() => underWay.delete(bounded));
      underWay.add(bounded);
      return work;
    },
    turn() {
      if (underWay.size === 0 || waiting >= mostWaiting) return null;
      waiting += 1;
      return Promise.all(underWay).finally(() => {
        waiting -= 1;
      });
    },
  };
}
