/** A cancellable timer; `cancel` after it fired does nothing. */
export interface Timer {
  cancel(): void;
}

/** The only source of time in the sandbox, so that one factor speeds all of it up and tests can drive it by hand. */
export interface Clock {
  /** Sandbox time in epoch milliseconds. */
  now(): number;
  /** Calls `fn` once after `ms` of sandbox time. Never keeps the process alive by itself. */
  after(ms: number, fn: () => void): Timer;
  /** Calls `fn` every `ms` of sandbox time until cancelled. */
  every(ms: number, fn: () => void): Timer;
}

/** Wall-clock time, run `speed` times faster from the moment of creation. */
export function systemClock(speed = 1): Clock {
  const origin = Date.now();
  return {
    now: () => origin + (Date.now() - origin) * speed,
    after(ms, fn) {
      const timer = setTimeout(fn, ms / speed);
      timer.unref();
      return { cancel: () => clearTimeout(timer) };
    },
    every(ms, fn) {
      const timer = setInterval(fn, ms / speed);
      timer.unref();
      return { cancel: () => clearInterval(timer) };
    },
  };
}

/** A clock that moves only when told to. */
export interface TestClock extends Clock {
  /** Moves time forward, firing due timers in order; timers set while firing count too. */
  advance(ms: number): void;
}

/** Starts at `start` (epoch ms); deterministic, for the virtual parts of the sandbox. */
export function testClock(start = Date.UTC(2026, 0, 1)): TestClock {
  let now = start;
  let sequence = 0;
  const pending = new Map<number, { at: number; fn: () => void; repeatMs?: number }>();
  const schedule = (ms: number, fn: () => void, repeatMs?: number): Timer => {
    const id = ++sequence;
    pending.set(id, { at: now + ms, fn, repeatMs });
    return { cancel: () => void pending.delete(id) };
  };
  return {
    now: () => now,
    after: (ms, fn) => schedule(ms, fn),
    every: (ms, fn) => schedule(ms, fn, ms),
    advance(ms) {
      const end = now + ms;
      for (;;) {
        let nextId: number | undefined;
        let nextAt = Number.POSITIVE_INFINITY;
        for (const [id, timer] of pending) if (timer.at <= end && timer.at < nextAt) [nextId, nextAt] = [id, timer.at];
        if (nextId === undefined) break;
        const timer = pending.get(nextId);
        if (!timer) break;
        now = Math.max(now, timer.at);
        if (timer.repeatMs === undefined) pending.delete(nextId);
        else timer.at += timer.repeatMs;
        timer.fn();
      }
      now = end;
    },
  };
}
