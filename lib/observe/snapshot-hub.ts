import { within } from "../async/within.ts";
import type { Application } from "../domain/application/application.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { actionsWithoutStore } from "../domain/late/without-store.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Revision } from "../domain/observation/slot.ts";
import { findRollbackTarget } from "../domain/rules/rollback-rules.ts";
import { inEnglish } from "../domain/sentence/in-language.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { composeSnapshot } from "../domain/snapshot/compose-snapshot.ts";
import type { ApplicationSnapshot } from "../domain/snapshot/snapshot.ts";
import {
  type ApplicationRecord,
  type RecordStore,
  readApplicationRecord,
  withDeployment,
  withLate,
} from "../store/application-record.ts";
import type { Store } from "../store/store.ts";
import type { WriteAheadLog } from "../store/write-ahead-log.ts";
import { inTurn } from "./in-turn.ts";

type SnapshotListener = (snapshot: ApplicationSnapshot) => void;

/** Observations and the record put together, once for all who watch. */
export interface SnapshotHub {
  /** The newest; null when the application is not known (yet). Rejects when it was never observed and AWS does not answer. */
  snapshot(name: string): Promise<ApplicationSnapshot | null>;
  /**
   * From what is known by now, read or not, and never by asking AWS: for lists and streams, which wait for nobody. Null when
   * the application is not known (yet).
   */
  lastSnapshot(name: string): Promise<ApplicationSnapshot | null>;
  /** The same for one of many: the record may be up to a minute old and is read again behind the answer. */
  listedSnapshot(name: string): Promise<ApplicationSnapshot | null>;
  /** Tells every new snapshot of one application, or of all ("*"); counts as a watcher. Answers how to end it. */
  subscribe(name: string, listener: SnapshotListener): () => void;
  /** The engine's record of a deployment changed. */
  deploymentChanged(deployment: Deployment): void;
  /** What waits to be recorded for an application changed. */
  lateChanged(application: string): void;
  /** The record as it was last read, with what waits to be recorded; null when it was never read. Asks nobody. */
  lastKnown(name: string): ApplicationRecord | null;
  /** Something else of an application's record, or of every one's (null), changed: it is read and told anew. */
  recordChanged(application: string | null): void;
}

/** What the hub asks of the observer. */
export interface HubObserver {
  findApplication(name: string): Application | null;
  observation(name: string): Observation | null;
  /** The last observation, or before the first what is known so far. Asks nobody. */
  look(name: string): Observation | null;
  refreshNow(name: string, options: { priority: "question" }): Promise<Observation>;
  subscribe(name: string, listener: (observation: Observation) => void, options?: { isPassive?: boolean }): () => void;
  /** Told what a rollback would bring back. */
  setWayBack?(name: string, revision: Revision | null): void;
  /** Told whether a rollback window is open. */
  setWindow?(name: string, isOpen: boolean): void;
}

interface Known {
  record: ApplicationRecord;
  readAt: number;
  failure: { said: Sentence; since: number } | null;
}

const EMPTY: ApplicationRecord = { deployment: null, lastDeployment: null, history: [] };
/** Other replicas write as well, and a store that failed may be back. */
const READ_AGAIN_MS = 5_000;
/** Nobody else writes to an embedded one: it is asked again only to know whether it still answers. */
const READ_EMBEDDED_AGAIN_MS = 20_000;
/** A list of hundreds does not wait until each one's record was read again. */
const LISTED_MS = 60_000;
/** One after the other with this between them: read all at once, what the embedded store does holds up whoever asks meanwhile. */
const BEHIND_MS = 50;
/** A database that does not answer within this is away. */
const PATIENCE_MS = 2_000;

/** One a process. */
export function createSnapshotHub(deps: {
  observer: HubObserver;
  store: Pick<Store, "kind"> & RecordStore;
  /** What was done while the database was away. */
  writeAheadLog?: Pick<WriteAheadLog, "waiting">;
  now: () => number;
  onError?: (error: unknown) => void;
}): SnapshotHub {
  const { observer, store, now } = deps;
  const late = (record: ApplicationRecord, name: string) => withLate(record, deps.writeAheadLog?.waiting(name) ?? []);
  const records = new Map<string, Known>();
  const reading = new Map<string, Promise<Known>>();
  /** Names whose record changed while it was being read. */
  const changedSince = new Map<string, Deployment[]>();
  const listeners = new Map<string, Set<SnapshotListener>>();
  const stops = new Map<string, () => void>();
  /** Reads a record that may be old by now, and holds up nobody. */
  const readBehind = inTurn(BEHIND_MS, (name) =>
    known(name).then(
      () => undefined,
      (error: unknown) => deps.onError?.(error),
    ),
  );

  async function read(name: string): Promise<Known> {
    const before = records.get(name);
    changedSince.set(name, []);
    try {
      const record = await within(PATIENCE_MS, readApplicationRecord(store, name, now()));
      return { record: replay(name, record), readAt: now(), failure: null };
    } catch (error) {
      deps.onError?.(error);
      const said = say("alarm.storeAway");
      const since = before?.failure?.since ?? now();
      return { record: replay(name, before?.record ?? EMPTY), readAt: now(), failure: { said, since } };
    } finally {
      changedSince.delete(name);
    }
  }

  function replay(name: string, record: ApplicationRecord): ApplicationRecord {
    return (changedSince.get(name) ?? []).reduce(withDeployment, record);
  }

  function isDue({ failure, readAt }: Known): boolean {
    const isChanging = store.kind === "postgres" || failure !== null;
    return now() - readAt > (isChanging ? READ_AGAIN_MS : READ_EMBEDDED_AGAIN_MS);
  }

  function known(name: string): Promise<Known> {
    const current = records.get(name);
    if (current && !isDue(current)) return Promise.resolve(current);
    const pending =
      reading.get(name) ??
      read(name)
        .then((fresh) => {
          records.set(name, fresh);
          return fresh;
        })
        .finally(() => reading.delete(name));
    reading.set(name, pending);
    return pending;
  }

  function listed(name: string): Promise<Known> {
    const current = records.get(name);
    if (!current || current.failure || now() - current.readAt > LISTED_MS) return known(name);
    if (isDue(current)) readBehind(name);
    return Promise.resolve(current);
  }

  function compose(
    application: Application,
    observation: Observation,
    { record, failure }: Known,
  ): ApplicationSnapshot {
    const whole = late(record, application.name);
    const target = findRollbackTarget({ observation, deployment: whole.deployment, history: whole.history });
    observer.setWayBack?.(application.name, target?.revision ?? null);
    const snapshot = composeSnapshot(application, observation, whole, now());
    observer.setWindow?.(application.name, snapshot.openWindow !== undefined);
    if (!failure) return snapshot;
    const ageMs = Math.max(0, now() - failure.since);
    const sources = snapshot.sources.filter((source) => source.name !== "store");
    return {
      ...snapshot,
      sources: [
        ...sources,
        { name: "store", state: "error", ageMs, message: inEnglish(failure.said), said: failure.said },
      ],
      actions: actionsWithoutStore(snapshot),
    };
  }

  async function composeLast(name: string, recordOf: typeof known): Promise<ApplicationSnapshot | null> {
    const application = observer.findApplication(name);
    if (!application) return null;
    const record = await recordOf(name);
    const observation = observer.look(name);
    return observation ? compose(application, observation, record) : null;
  }

  function publish(name: string, snapshot: ApplicationSnapshot): void {
    for (const key of [name, "*"])
      for (const listener of [...(listeners.get(key) ?? [])])
        try {
          listener(snapshot);
        } catch (error) {
          deps.onError?.(error);
        }
  }

  const isWatched = (name: string) => (listeners.get(name)?.size ?? 0) > 0;
  const hasListener = (name: string) => isWatched(name) || isWatched("*");

  async function observed(observation: Observation): Promise<void> {
    const name = observation.application;
    const application = observer.findApplication(name);
    if (!application || !hasListener(name)) return;
    const record = records.get(name);
    // A database that takes its time holds up no look at AWS: what was known goes out, and the next look brings the rest.
    if (record && isWatched(name)) known(name).catch((error: unknown) => deps.onError?.(error));
    else if (record && isDue(record)) readBehind(name);
    publish(name, compose(application, observation, record ?? (await known(name))));
  }

  function tell(observation: Observation): void {
    observed(observation).catch((error: unknown) => deps.onError?.(error));
  }

  return {
    async snapshot(name) {
      const application = observer.findApplication(name);
      if (!application) return null;
      const [record, observation] = await Promise.all([
        known(name),
        observer.observation(name) ?? observer.refreshNow(name, { priority: "question" }),
      ]);
      return compose(application, observation, record);
    },
    lastSnapshot: (name) => composeLast(name, known),
    listedSnapshot: (name) => composeLast(name, listed),
    subscribe(name, listener) {
      const entries = listeners.get(name) ?? new Set();
      const isFirst = entries.size === 0;
      listeners.set(name, entries.add(listener));
      // Both kinds of watching may hold for one application: its observation must be told only once.
      if (isFirst) stops.set(name, observer.subscribe(name, name === "*" ? tellUnlessNamed : tell));
      return () => {
        entries.delete(listener);
        if (entries.size > 0) return;
        stops.get(name)?.();
        stops.delete(name);
      };
    },
    deploymentChanged(deployment) {
      const name = deployment.application;
      changedSince.get(name)?.push(deployment);
      const current = records.get(name);
      if (current) records.set(name, { ...current, record: withDeployment(current.record, deployment) });
      const observation = observer.observation(name);
      if (observation) tell(observation);
    },
    lateChanged(name) {
      const observation = observer.observation(name);
      if (observation) tell(observation);
    },
    lastKnown(name) {
      const entry = records.get(name);
      return entry && !(entry.failure && entry.record === EMPTY) ? late(entry.record, name) : null;
    },
    recordChanged(application) {
      for (const name of application === null ? [...records.keys()] : [application]) retell(name);
    },
  };

  function retell(name: string): void {
    // A reading under way may have missed the change.
    Promise.resolve(reading.get(name))
      .catch(() => undefined)
      .then(() => {
        records.delete(name);
        const observation = observer.observation(name);
        return observation ? observed(observation) : undefined;
      })
      .catch((error: unknown) => deps.onError?.(error));
  }

  function tellUnlessNamed(observation: Observation): void {
    if (!isWatched(observation.application)) tell(observation);
  }
}
