import type { Application } from "../domain/application/application.ts";
import { ATTENTIONS, type Attention, pollingIntervals } from "./polling-interval.ts";

/** One AWS API family that is read again and again, on its own, so that a slow one holds up no other. */
export interface SourceLoop {
  /** Runs until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Looks again at once at what is due: somebody came, or an application was resolved. */
  wake(): void;
  /** The application was just read by other means, so its turn is over. */
  markRead(name: string, at: number): void;
  /** How often the application is read now. */
  intervalMs(name: string): number;
  /** Whether it has been read at least once. */
  hasRead(name: string): boolean;
}

export interface SourceLoopOptions {
  now: () => number;
  fastMs: number;
  /** As `fastMs` when left out. */
  overviewMs?: number;
  idleMs: number;
  applications: () => readonly Application[];
  attentionOf: (name: string) => Attention;
  /** Calls of the tightest bucket that one round costs. */
  callsOf: (applications: readonly Application[]) => number;
  /** Calls a second which that bucket bears now. */
  perSecond: () => number;
  /** Reads them all; failures of AWS's are facts, not exceptions. */
  gather: (applications: readonly Application[]) => Promise<void>;
  gathered: (applications: readonly Application[]) => void;
  onError: (error: unknown) => void;
}

const LONGEST_SLEEP_MS = 60_000;
/** Applications whose turns are this close are read together, because one call carries many. */
const TOGETHER = 0.25;

/** A loop that reads each application at its own pace. */
export function createSourceLoop(options: SourceLoopOptions): SourceLoop {
  const startedAt = new Map<string, number>();
  const read = new Set<string>();
  let intervals: Record<Attention, number> = {
    focus: options.fastMs,
    overview: options.fastMs,
    idle: options.idleMs,
  };
  let wakeUp: () => void = () => {};
  let isWoken = false;

  function measure(): void {
    const groups = Object.groupBy(options.applications(), (application) => options.attentionOf(application.name));
    const calls = { focus: 0, overview: 0, idle: 0 };
    for (const attention of ATTENTIONS) calls[attention] = options.callsOf(groups[attention] ?? []);
    intervals = pollingIntervals({
      calls,
      perSecond: options.perSecond(),
      fastMs: options.fastMs,
      overviewMs: options.overviewMs ?? options.fastMs,
      idleMs: options.idleMs,
    });
  }

  const intervalMs = (name: string) => intervals[options.attentionOf(name)];
  const dueAt = (name: string) => (startedAt.get(name) ?? Number.NEGATIVE_INFINITY) + intervalMs(name);

  function sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done, { once: true });
      wakeUp = done;
    });
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        isWoken = false;
        measure();
        const at = options.now();
        const all = options.applications();
        const isDue = all.some(({ name }) => dueAt(name) <= at);
        if (isDue) {
          const round = all.filter(({ name }) => dueAt(name) <= at + intervalMs(name) * TOGETHER);
          for (const { name } of round) startedAt.set(name, at);
          try {
            await options.gather(round);
          } catch (error) {
            options.onError(error);
          }
          for (const { name } of round) read.add(name);
          if (!signal.aborted) options.gathered(round);
          measure();
        }
        const next = Math.min(...options.applications().map(({ name }) => dueAt(name)));
        const waitMs = Math.min(LONGEST_SLEEP_MS, Math.max(0, next - options.now()));
        if (!isWoken && !signal.aborted && waitMs > 0) await sleep(waitMs, signal);
        // Without this a clock that stands still would never let anything else run.
        else await new Promise((resolve) => setImmediate(resolve));
      }
    },
    wake() {
      isWoken = true;
      wakeUp();
    },
    markRead(name, at) {
      startedAt.set(name, Math.max(at, startedAt.get(name) ?? 0));
      read.add(name);
    },
    intervalMs,
    hasRead: (name) => read.has(name),
  };
}
