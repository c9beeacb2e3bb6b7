import type { Application } from "../domain/application/application.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { composeIncident } from "../domain/incident/compose-incident.ts";
import { INCIDENT_BYTES, INCIDENT_LINES } from "../domain/incident/incident.ts";
import {
  type Cause,
  causeOfDeployment,
  causeOfRetirement,
  causeOfTasks,
  causesOfGates,
  isUnwantedStop,
} from "../domain/incident/incident-causes.ts";
import { ownSecretRules } from "../domain/log/own-secrets.ts";
import type { Observation } from "../domain/observation/observation.ts";
import { SLOT_COLORS } from "../domain/observation/slot.ts";
import {
  diffTaskDefinitions,
  type TaskDefinitionChange,
  type TaskDefinitionReading,
} from "../domain/observation/task-definition.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import type { LinesAround } from "../logs/lines-around.ts";
import type { Store } from "../store/store.ts";

/** Keeps what happened when something goes wrong or ends, because AWS forgets it within the hour. */
export interface IncidentKeeper {
  /**
   * Notices what is new in a look, in the newest deployment and in others that changed since the look before, and keeps what was
   * noticed a moment ago, once its last lines have arrived.
   */
  look(
    application: Application,
    look: Observation,
    newest: Deployment | null,
    changed?: readonly Deployment[],
  ): Promise<void>;
}

/** What it leans on. */
export interface IncidentDeps {
  store: Pick<Store, "saveIncident" | "listJournal" | "listDeployments">;
  lines: LinesAround;
  readDefinition(arn: string): Promise<TaskDefinitionReading>;
  now(): number;
  /** For tests: a shorter wait for the last lines. */
  settleMs?: number;
}

/** CloudWatch has a line some seconds after it was written. */
const SETTLE_MS = 15_000;
/** What happened longer ago than this was kept by whoever looked then, or its lines and tasks are gone. */
const FRESH_MS = 30 * 60_000;
/** A crash loop is one thing that happened, not a thousand. */
const TASK_PAUSE_MS = 5 * 60_000;
const MOST_REMEMBERED = 5_000;
const LINES_FROM_MS = 60 * 60_000;

interface Noticed {
  cause: Cause;
  look: Observation;
  at: number;
}

/** One a process; what several replicas notice is kept once, by its id. */
export function createIncidentKeeper(deps: IncidentDeps): IncidentKeeper {
  const known = new Set<string>();
  const noticed = new Map<string, Noticed>();
  const lastTaskAt = new Map<string, number>();
  const busy = new Set<string>();

  function notice(application: string, cause: Cause | null, look: Observation): void {
    if (!cause || known.has(cause.id) || cause.at < deps.now() - FRESH_MS) return;
    known.add(cause.id);
    for (const oldest of known) {
      if (known.size <= MOST_REMEMBERED) break;
      known.delete(oldest);
    }
    noticed.set(`${application} ${cause.id}`, { cause, look, at: deps.now() });
  }

  function noticeTasks(application: string, look: Observation, last: Deployment | null): void {
    for (const color of SLOT_COLORS) {
      const stopped = look.slots[color].tasks.filter((task) => isUnwantedStop(task) && !known.has(`i-${task.id}`));
      if (stopped.length === 0) continue;
      const key = `${application} ${color}`;
      const isPaused = deps.now() - (lastTaskAt.get(key) ?? Number.NEGATIVE_INFINITY) < TASK_PAUSE_MS;
      const cause = causeOfTasks(color, stopped, last);
      if (!isPaused && cause && cause.at >= deps.now() - FRESH_MS) {
        notice(application, cause, look);
        lastTaskAt.set(key, deps.now());
      }
      for (const task of stopped) known.add(`i-${task.id}`);
    }
  }

  async function keep(application: Application, { cause, look }: Noticed): Promise<void> {
    const missing: Sentence[] = [];
    const tried = <T>(
      what: "journal" | "deployments" | "lines" | "definitions",
      work: Promise<T>,
      otherwise: T,
    ): Promise<T> =>
      work.catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        missing.push(say("incidentFile.unread", { what, why }));
        return otherwise;
      });
    const { deployment } = cause;
    const span = { from: cause.at - LINES_FROM_MS, to: cause.at + SETTLE_MS };
    const [journal, recent, lines, changes] = await Promise.all([
      deployment ? tried("journal", deps.store.listJournal(deployment.id), []) : [],
      tried("deployments", deps.store.listDeployments(application.name, { limit: 50 }), {
        items: [],
        nextCursor: null,
      }),
      tried("lines", deps.lines.before(application, look, span, INCIDENT_LINES), []),
      tried("definitions", readChanges(deployment), null),
    ]);
    const lastGood = recent.items.find(
      (each) =>
        each.id !== deployment?.id &&
        each.kind === "RELEASE" &&
        each.status === "SUCCESSFUL" &&
        each.startedAt < (deployment?.startedAt ?? cause.at),
    );
    const incident = composeIncident({
      application: application.name,
      cause,
      look,
      journal,
      lines,
      changes,
      lastGood: lastGood ?? null,
      missing,
      mask: ownSecretRules(application.logs),
    });
    await deps.store.saveIncident(incident, INCIDENT_BYTES);
  }

  async function readChanges(deployment: Deployment | null): Promise<TaskDefinitionChange[] | null> {
    if (!deployment?.revision) return null;
    const [before, after] = await Promise.all([
      deployment.fromRevision ? deps.readDefinition(deployment.fromRevision.taskDefinition) : null,
      deps.readDefinition(deployment.revision.taskDefinition),
    ]);
    return diffTaskDefinitions(before, after);
  }

  return {
    async look(application, look, newest, changed = []) {
      noticeTasks(application.name, look, newest);
      for (const each of newest ? [...changed, newest] : changed)
        for (const cause of [causeOfDeployment(each), causeOfRetirement(each), ...causesOfGates(each)])
          notice(application.name, cause, look);
      if (busy.has(application.name)) return;
      busy.add(application.name);
      try {
        for (const [key, each] of noticed) {
          if (!key.startsWith(`${application.name} `) || deps.now() - each.at < (deps.settleMs ?? SETTLE_MS)) continue;
          await keep(application, each);
          noticed.delete(key);
        }
      } finally {
        busy.delete(application.name);
      }
    },
  };
}
