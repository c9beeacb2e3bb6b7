import type { Step } from "../domain/decide/decision.ts";

/** How long a step that failed is not tried again, by how often it failed in a row (ms). */
const BACK_OFF_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

interface Failed {
  step: Step["type"];
  count: number;
  /** Not tried again before (epoch ms). */
  until: number;
  /** Observations from before show nothing of what the attempt did (epoch ms). */
  lookAfter: number;
}

/** By deployment, the step that failed last and when it is tried again. */
export interface StepFailures {
  find(id: string): Failed | undefined;
  /** Whether this step failed a moment ago. */
  isHeldBack(id: string, step: Step["type"]): boolean;
  /** Notes one more failure in a row; answers how many there are now. */
  note(id: string, step: Step["type"], isTriedAgain: boolean): number;
  clear(id: string): void;
}

export function createStepFailures(now: () => number): StepFailures {
  const failures = new Map<string, Failed>();
  return {
    find: (id) => failures.get(id),
    isHeldBack(id, step) {
      const failed = failures.get(id);
      return failed?.step === step && failed.until > now();
    },
    note(id, step, isTriedAgain) {
      const count = (failures.get(id)?.count ?? 0) + 1;
      const waitMs = BACK_OFF_MS[Math.min(count, BACK_OFF_MS.length) - 1] ?? 1_000;
      if (isTriedAgain) failures.set(id, { step, count, until: now() + waitMs, lookAfter: now() });
      else failures.delete(id);
      return count;
    },
    clear: (id) => void failures.delete(id),
  };
}
