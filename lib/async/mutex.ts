/** One write to an application's AWS resources at a time in this process; leases keep other processes out. */
export interface KeyedMutex {
  /** Runs `work` once whatever had its turn before has ended. */
  take<T>(application: string, work: () => Promise<T>): Promise<T>;
  /** Whether somebody has a turn now, or waits for one. */
  isTaken(application: string): boolean;
}

/** One a process. */
export function createKeyedMutex(): KeyedMutex {
  const last = new Map<string, Promise<unknown>>();
  return {
    isTaken: (application) => last.has(application),
    take(application, work) {
      const turn = (last.get(application) ?? Promise.resolve()).then(work, work);
      last.set(application, turn);
      const forget = () => {
        if (last.get(application) === turn) last.delete(application);
      };
      turn.then(forget, forget);
      return turn;
    },
  };
}
