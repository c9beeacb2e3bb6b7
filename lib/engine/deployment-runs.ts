import { AwsFailure } from "../aws/errors.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { isInFlight } from "../domain/deployment/deployment.ts";
import { isConnectionFailure } from "../store/connection-failure.ts";
import type { EngineDeps } from "./engine-deps.ts";
import type { StuckDeployment } from "./engine-ports.ts";

/** The deployments in flight that this process moves, and what runs for them: one run an application at a time. */
export interface DeploymentRuns {
  /** Takes a deployment among those that are moved; twice is once. */
  adopt(deployment: Pick<Deployment, "id" | "application">): void;
  /** Moves it now, from `known` when it was just read. What runs already goes round once more after its end. */
  wake(id: string, application: string, known?: Deployment): void;
  isActive(application: string): boolean;
  isRunning(application: string): boolean;
  /** Pairs of id and application. */
  active(): ReadonlyMap<string, string>;
  /** Those that could not be moved at the last attempt, oldest first. */
  stuck(): StuckDeployment[];
  /** Nothing is begun any more; what runs ends its round. */
  stop(): void;
  /** Resolves when nothing runs that ran at the time of the call; null when nothing runs. */
  settled(): Promise<unknown> | null;
}

/** What a run asks of the engine around it. */
export interface RunHooks {
  /** One round: resolves with the newest record, null when there is nothing to act on here. */
  move(id: string, application: string, known: Deployment | undefined): Promise<Deployment | null>;
  /** It could not be moved on. */
  failed(application: string): void;
  /** No deployment of the application is in flight any more. */
  finished(application: string): Promise<void>;
  /** A run is over, however it went. */
  ended(application: string): void;
}

export function createDeploymentRuns(
  { observer, now, log }: Pick<EngineDeps, "observer" | "now" | "log">,
  hooks: RunHooks,
): DeploymentRuns {
  const active = new Map<string, string>();
  /** By application: what runs, and whether to run again after it. */
  const running = new Map<string, { again: boolean; done: Promise<void> }>();
  const stuck = new Map<string, StuckDeployment>();
  let isStopped = false;

  const isActive = (application: string) => [...active.values()].includes(application);

  async function run(id: string, application: string, entry: { again: boolean }, first?: Deployment): Promise<void> {
    let known = first;
    do {
      // Whatever asks again at once, everything else gets its turn in between.
      if (entry.again) await new Promise((resolve) => setImmediate(resolve));
      entry.again = false;
      try {
        const deployment = await hooks.move(id, application, known);
        stuck.delete(id);
        if (deployment && !isInFlight(deployment)) await finish(id, application);
      } catch (error) {
        noteStuck(id, application, error);
        hooks.failed(application);
      }
      known = undefined;
    } while (entry.again && !isStopped);
    hooks.ended(application);
  }

  function noteStuck(id: string, application: string, error: unknown): void {
    const because = isConnectionFailure(error) ? "database" : error instanceof AwsFailure ? "aws" : "fault";
    // Once for each reason: it is tried every second.
    if (stuck.get(id)?.because !== because)
      log?.("warn", "A deployment could not be moved on; it is tried again", { id, error });
    stuck.set(id, { id, application, since: stuck.get(id)?.since ?? now(), because });
  }

  async function finish(id: string, application: string): Promise<void> {
    active.delete(id);
    stuck.delete(id);
    if (isActive(application)) return;
    observer.setInFlight(application, false);
    await hooks.finished(application);
  }

  return {
    adopt({ id, application }) {
      if (!active.has(id)) observer.setInFlight(application, true);
      active.set(id, application);
    },
    wake(id, application, known) {
      if (isStopped) return;
      const current = running.get(application);
      if (current) {
        current.again = true;
        return;
      }
      const entry = { again: false, done: Promise.resolve() };
      running.set(application, entry);
      entry.done = run(id, application, entry, known).finally(() => running.delete(application));
    },
    isActive,
    isRunning: (application) => running.has(application),
    active: () => active,
    stuck: () => [...stuck.values()].sort((a, b) => a.since - b.since),
    stop() {
      isStopped = true;
    },
    settled: () => (running.size === 0 ? null : Promise.allSettled([...running.values()].map(({ done }) => done))),
  };
}
