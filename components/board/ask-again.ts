import { isStopping } from "@/lib/messages/not-done.ts";

/** A process that stops says that it is gone in two seconds. */
const WAIT_MS = 1_000;
const MOST_TRIES = 5;

/**
 * Asks once more while the process that is asked stops: it says that nothing was done, and another one takes its place. What was
 * asked with a key is done once in any case. Everything else that is thrown goes on.
 */
export async function askAgainWhileStopping<T>(
  ask: () => Promise<T>,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
): Promise<T> {
  for (let tries = 1; ; tries += 1)
    try {
      return await ask();
    } catch (error) {
      if (tries >= MOST_TRIES || !isStopping(error)) throw error;
      await wait(WAIT_MS);
    }
}
