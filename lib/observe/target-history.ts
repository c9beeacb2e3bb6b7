import { recallTargets, type TargetMemory } from "../domain/observation/target-memory.ts";
import type { Store } from "../store/store.ts";

/** Keeps what is remembered of targets beyond the process, so that a restart does not forget which ones flapped. */
export interface TargetKeeper {
  /** Takes up what the process before left, unless that is too old to be joined to. Rejects when the store does not answer. */
  recall(): Promise<void>;
  start(): void;
  /** Saves a last time. */
  stop(): Promise<void>;
}

const KEY = "targets:1";
/** Well within the minute after which a memory is not joined to any more. */
const SAVE_MS = 20_000;

/** One a process. A memory that cannot be saved is told to `onError` and tried again: nothing rests on it. */
export function createTargetKeeper(deps: {
  memory: TargetMemory;
  store: Pick<Store, "saveMemory" | "loadMemory">;
  now: () => number;
  onError: (error: unknown) => void;
}): TargetKeeper {
  const { memory, store, now, onError } = deps;
  let timer: NodeJS.Timeout | null = null;
  let saving: Promise<void> = Promise.resolve();

  function save(): Promise<void> {
    const entries = [...memory].map(([group, targets]) => [group, [...targets]]);
    saving = saving
      .then(() => store.saveMemory(KEY, entries, now()))
      // Drizzle's own message holds all that was to be saved, which in an outage would be logged over and over.
      .catch((error: unknown) => onError(error instanceof Error && error.cause ? error.cause : error));
    return saving;
  }

  return {
    async recall() {
      recallTargets(memory, await store.loadMemory(KEY), now());
    },
    start() {
      timer = setInterval(() => void save(), SAVE_MS);
      timer.unref();
    },
    async stop() {
      if (timer) clearInterval(timer);
      await save();
    },
  };
}
