/** Work that nobody waits for, until everything has to end. */
export interface Background {
  /** Takes it up; its failure is told to `onError` and goes no further. */
  keep(work: Promise<unknown>): void;
  /** Resolves when what is under way at the time of the call has ended; null when nothing is. */
  settled(): Promise<unknown> | null;
}

export function createBackground(onError: (error: unknown) => void): Background {
  const underWay = new Set<Promise<unknown>>();
  return {
    keep(work) {
      const kept: Promise<unknown> = work.catch(onError).finally(() => underWay.delete(kept));
      underWay.add(kept);
    },
    settled: () => (underWay.size === 0 ? null : Promise.allSettled([...underWay])),
  };
}
