import { actionStates } from "./action-rules.ts";
import { findAlarms } from "./alarms.ts";
import type { Application } from "./application.ts";
import type { Deployment } from "./deployment.ts";
import type { Observation } from "./observation.ts";
import { rollbackWindow } from "./rollback-rules.ts";
import type { ApplicationSnapshot } from "./snapshot.ts";
import { withWaiting } from "./stage-limit.ts";
import type { RuleFacts } from "./switch-rules.ts";

/** What the record adds to a look at AWS. */
export interface SnapshotRecord {
  /** The one in flight. */
  deployment: Deployment | null;
  /** Newest finished one. */
  lastDeployment: Deployment | null;
  /** Finished ones, newest first; what `lastDeployment` says alone when left out. */
  history?: readonly Deployment[];
}

/** One look at AWS and the record as everything a page shows. Pure and total: whatever was observed gives a snapshot. */
export function composeSnapshot(
  application: Application,
  observation: Observation,
  record: SnapshotRecord,
  now: number,
): ApplicationSnapshot {
  const facts = ruleFacts(application, observation, record, now);
  return {
    name: application.name,
    region: application.region,
    cluster: application.cluster,
    controller: application.controller,
    observedAt: observation.observedAt,
    sources: observation.sources,
    traffic: observation.traffic,
    slots: observation.slots,
    deployment: record.deployment && withWaiting(record.deployment, observation),
    lastDeployment: record.lastDeployment,
    window: rollbackWindow(facts),
    actions: actionStates(facts),
    alarms: findAlarms(facts),
    ...(observation.watchedAlarms ? { watchedAlarms: observation.watchedAlarms } : {}),
  };
}

/** What the rules look at, from the same parts as a snapshot. */
export function ruleFacts(
  application: Application,
  observation: Observation,
  record: SnapshotRecord,
  now: number,
): RuleFacts {
  const history = record.history ?? (record.lastDeployment ? [record.lastDeployment] : []);
  const closed = application.closedPeriod?.(now) ?? null;
  return { application, observation, deployment: record.deployment, history, closed, now };
}
