const TICK_MS = 1_000;
const IDLE_MS = 10_000;

/** What the engine does again and again, with one timer: one round at a time, and soon while there is something to do. */
export interface Rounds {
  /** Begins the first round at once. Does nothing when called twice, or after `stop`. */
  start(): void;
  /** No round begins any more; one under way goes on to its end. */
  stop(): void;
  /** The next round begins as if it were scheduled now: sooner, when there is something to do since. */
  hurry(): void;
  isBegun(): boolean;
  isStopped(): boolean;
  /** Epoch ms at which the newest round began. */
  cameRoundAt(): number;
}

/** `round` must not reject. */
export function createRounds(
  { now, tickMs = TICK_MS, idleMs = IDLE_MS }: { now(): number; tickMs?: number; idleMs?: number },
  { isBusy, round }: { isBusy(): boolean; round(): Promise<void> },
): Rounds {
  let state: "new" | "running" | "stopped" = "new";
  let timer: NodeJS.Timeout | null = null;
  let cameRoundAt = now();

  async function begin(): Promise<void> {
    timer = null;
    cameRoundAt = now();
    await round();
    schedule();
  }

  function schedule(): void {
    if (state !== "running" || timer) return;
    timer = setTimeout(() => void begin(), isBusy() ? tickMs : Math.min(idleMs, IDLE_MS));
  }

  function unschedule(): void {
    if (timer) clearTimeout(timer);
    timer = null;
  }

  return {
    start() {
      if (state !== "new") return;
      state = "running";
      void begin();
    },
    stop() {
      state = "stopped";
      unschedule();
    },
    hurry() {
      unschedule();
      schedule();
    },
    isBegun: () => state !== "new",
    isStopped: () => state === "stopped",
    cameRoundAt: () => cameRoundAt,
  };
}
