import type { Clock, Timer } from "../clock.ts";

interface Entry {
  at: number;
  order: number;
  fn: (() => void) | null;
}

/** Everything the tasks of a sandbox wait for, behind one timer: thousands of virtual tasks cost one `setTimeout`. */
export interface Agenda {
  /** Calls `fn` once after `ms` of sandbox time. */
  after(ms: number, fn: () => void): Timer;
  /** Forgets everything that is due. */
  clear(): void;
}

const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Entries due at the same moment fire in the order they were made. */
export function createAgenda(clock: Clock): Agenda {
  const heap: Entry[] = [];
  let order = 0;
  let armed: { at: number; timer: Timer } | undefined;

  const swap = (i: number, j: number) => {
    const [a, b] = [heap[i], heap[j]];
    if (a && b) [heap[i], heap[j]] = [b, a];
  };

  const push = (entry: Entry) => {
    heap.push(entry);
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, entry)) return;
      swap(i, parent);
      i = parent;
    }
  };

  const pop = () => {
    swap(0, heap.length - 1);
    const first = heap.pop();
    for (let i = 0; ; ) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2]) {
        const [a, b] = [heap[child], heap[least]];
        if (a && b && isBefore(a, b)) least = child;
      }
      if (least === i) return first;
      swap(i, least);
      i = least;
    }
  };

  const arm = () => {
    const next = heap[0];
    if (armed && next && armed.at <= next.at) return;
    armed?.timer.cancel();
    armed = next && { at: next.at, timer: clock.after(Math.max(0, next.at - clock.now()), fire) };
  };

  const fire = () => {
    armed = undefined;
    // Half a millisecond of grace: a timer of the host may fire that early, and re-arming for it would spin.
    for (let next = heap[0]; next && next.at <= clock.now() + 0.5; next = heap[0]) pop()?.fn?.();
    arm();
  };

  return {
    after(ms, fn) {
      const entry: Entry = { at: clock.now() + ms, order: ++order, fn };
      push(entry);
      arm();
      return {
        cancel: () => {
          entry.fn = null;
        },
      };
    },
    clear() {
      heap.length = 0;
      armed?.timer.cancel();
      armed = undefined;
    },
  };
}
