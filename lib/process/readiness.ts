import { peekRuntime, type Runtime } from "./runtime.ts";

/** Whether this process takes requests, in a few words. */
export interface Readiness {
  isReady: boolean;
  words: string;
}

/** An application that AWS denies or does not know must not keep the others waiting. */
const PATIENCE_MS = 15_000;

/** Ready once every application was looked at, or that took too long: before that a page would say that it does not exist. */
export function readReadiness(runtime: LookedAt | "stopping" | null = peekRuntime()): Readiness {
  if (runtime === null) return { isReady: false, words: "starting" };
  if (runtime === "stopping") return { isReady: false, words: "stopping" };
  const { observer, config, startedAt, now } = runtime;
  const waiting = config.applications.filter(({ name }) => observer.observation(name) === null);
  return waiting.length > 0 && now() - startedAt < PATIENCE_MS
    ? { isReady: false, words: `starting: ${waiting.length} of the applications not looked at yet` }
    : { isReady: true, words: "ready" };
}

interface LookedAt extends Pick<Runtime, "startedAt" | "now"> {
  observer: Pick<Runtime["observer"], "observation">;
  config: { applications: readonly { name: string }[] };
}
