import { createPrecedence } from "../async/precedence.ts";

/** A click's decision and its write take some 50 ms on a quiet machine (`npm run bench -- switches`); what AWS holds up is not waited for. */
const STEP_ASIDE = { longestMs: 750, mostWaiting: 500 };

/** What people asked for goes first: questions step aside while it is decided and until it was sent. */
export interface AskedFirst {
  /** Questions step aside while this is done. */
  first<T>(work: Promise<T>): Promise<T>;
  /** Resolves when a question may be asked; null when it need not wait. */
  turn(): Promise<unknown> | null;
  /** Until `sent` is told of this deployment, which somebody asked for, questions step aside. Safe to call twice. */
  begin(id: string): void;
  isUnderWay(id: string): boolean;
  /** Its weights read back, or it was moved once without any. Nothing happens for what was not begun. */
  sent(id: string): void;
}

export function createAskedFirst(): AskedFirst {
  const precedence = createPrecedence(STEP_ASIDE);
  /** By deployment that somebody asked for: what to tell when that was sent. */
  const asked = new Map<string, () => void>();
  return {
    first: precedence.first,
    turn: precedence.turn,
    begin(id) {
      if (asked.has(id)) return;
      const moved = Promise.withResolvers<void>();
      asked.set(id, moved.resolve);
      void precedence.first(moved.promise);
    },
    isUnderWay: (id) => asked.has(id),
    sent(id) {
      asked.get(id)?.();
      asked.delete(id);
    },
  };
}
