import type { Step } from "../domain/decide/decision.ts";

/** Longer than this no reading is waited for at once: what watches the deployment gets its turn in between. */
const READ_MS = 2_000;

/** What a reading came to by now: its value, or that a person's request came first, or that it goes on. */
type Read<T> = { state: "done"; value: T } | { state: "interrupted" } | { state: "late" };

/** Steps that only read, at most one for each deployment: what is slow, as logs may be, holds up no rollback. */
export interface Readings<T> {
  /** Begins the step, or goes on waiting for it where the same is under way. @throws what the reading throws. */
  take(id: string, step: Step, begin: () => Promise<T>): Promise<Read<T>>;
  /** Stops waiting; what is under way is dropped. */
  interrupt(id: string): void;
  /** Drops what is under way. */
  forget(id: string): void;
}

/** One for each reconciler. */
export function createReadings<T>(readMs = READ_MS): Readings<T> {
  const interrupts = new Map<string, () => void>();
  const underWay = new Map<string, { key: string; reading: Promise<T> }>();
  return {
    async take(id, step, begin) {
      const key = JSON.stringify(step);
      const known = underWay.get(id);
      const reading = known?.key === key ? known.reading : begin();
      // Nobody may be waiting when it fails.
      reading.catch(() => undefined);
      underWay.set(id, { key, reading });
      let timer: NodeJS.Timeout | undefined;
      const interrupted = new Promise<Read<T>>((resolve) =>
        interrupts.set(id, () => resolve({ state: "interrupted" })),
      );
      const late = new Promise<Read<T>>((resolve) => {
        timer = setTimeout(() => resolve({ state: "late" }), readMs);
      });
      let isLate = false;
      try {
        const done = reading.then((value): Read<T> => ({ state: "done", value }));
        const read = await Promise.race([done, interrupted, late]);
        isLate = read.state === "late";
        return read;
      } finally {
        clearTimeout(timer);
        interrupts.delete(id);
        if (!isLate) underWay.delete(id);
      }
    },
    interrupt: (id) => interrupts.get(id)?.(),
    forget: (id) => void underWay.delete(id),
  };
}
