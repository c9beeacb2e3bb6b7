import { within } from "../async/within.ts";
import { isConnectionFailure } from "../store/connection-failure.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { LateRollbacks } from "./late-rollbacks.ts";

const PING_WITHIN_MS = 1_000;

/** A rollback that somebody asked for is not left half done because the database went away in the middle. */
export function createFinishWithoutStore(
  { store, observer }: Pick<EngineDeps, "store" | "observer">,
  { late, isStopped }: { late: Pick<LateRollbacks, "finish">; isStopped(): boolean },
): (name: string) => Promise<void> {
  async function isStoreAway(): Promise<boolean> {
    return within(PING_WITHIN_MS, store.ping()).then(() => false, isConnectionFailure);
  }

  return async (name) => {
    const application = observer.findApplication(name);
    if (isStopped() || !application || !(await isStoreAway())) return;
    await late.finish(application);
  };
}
