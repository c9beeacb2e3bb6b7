import type { Application } from "../domain/application/application.ts";
import type { AuditRow } from "../domain/audit/audit.ts";
import { ownAuditRow } from "../domain/audit/own-audit-row.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { findScaleDownBlockers, findScaleDownMove } from "../domain/rules/scale-down-rules.ts";
import { say } from "../domain/sentence/sentence.ts";
import { ruleFacts } from "../domain/snapshot/compose-snapshot.ts";
import { type RecordStore, readApplicationRecord } from "../store/application-record.ts";
import { RecordChanged, type Store } from "../store/store.ts";
import type { Engine } from "./engine-ports.ts";

/** Scales the old side down once its window has closed, where an application asks for that. */
export interface WindowKeeper {
  start(): void;
  stop(): Promise<void>;
  /** Looks at every application once; what `start` does over and over. */
  runOnce(): Promise<void>;
}

/** What the keeper leans on. */
interface WindowKeeperDeps {
  observer: {
    applications(): readonly Application[];
    observation(name: string): Observation | null;
    refreshNow(name: string, options?: { withWays?: boolean }): Promise<Observation>;
  };
  store: RecordStore & Pick<Store, "appendAudit">;
  engine: Pick<Engine, "retire">;
  now(): number;
  newId(): string;
  onError(error: unknown): void;
  /** For tests: shorter waits. */
  tickMs?: number;
}

const TICK_MS = 10_000;

/** One a process; the engine's lease lets only one replica act. */
export function createWindowKeeper(deps: WindowKeeperDeps): WindowKeeper {
  const { observer, store, engine, now } = deps;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;

  async function factsOf(application: Application, look: Observation) {
    return ruleFacts(application, look, await readApplicationRecord(store, application.name, now()), now());
  }

  async function keep(application: Application): Promise<void> {
    const known = observer.observation(application.name);
    if (application.afterWindow !== "scale-down" || !known) return;
    if (findScaleDownBlockers(await factsOf(application, known)).length > 0) return;
    // Decided on a look of now, not on the one that happened to be at hand; the engine reads weights and ways in once more.
    const facts = await factsOf(application, await observer.refreshNow(application.name, { withWays: true }));
    const move = findScaleDownMove(facts);
    if (!move || findScaleDownBlockers(facts).length > 0) return;
    await engine.retire(
      move,
      move.from,
      facts.history.map(({ id }) => id),
    );
    await store.appendAudit(auditRow(application.name, move));
  }

  function auditRow(application: string, { id, from }: Deployment): AuditRow {
    return ownAuditRow({
      id: deps.newId(),
      at: now(),
      action: "deployment.retire",
      application,
      deploymentId: id,
      told: say("auditRow.scaledDown", { from }),
    });
  }

  async function runOnce(): Promise<void> {
    for (const application of observer.applications())
      try {
        await keep(application);
      } catch (error) {
        // What has changed in between is judged anew in the next turn.
        if (!(error instanceof RecordChanged)) deps.onError(error);
      }
  }

  function schedule(): void {
    if (isStopped) return;
    timer = setTimeout(() => {
      running = runOnce().finally(schedule);
    }, deps.tickMs ?? TICK_MS);
    timer.unref();
  }

  return {
    start: schedule,
    async stop() {
      isStopped = true;
      if (timer) clearTimeout(timer);
      await running;
    },
    runOnce,
  };
}
