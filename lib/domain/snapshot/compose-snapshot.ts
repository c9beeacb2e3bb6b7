import type { Application } from "../application/application.ts";
import { CAPABILITIES } from "../application/capabilities.ts";
import { findAutomaticRollback } from "../deployment/automatic-rollback.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { withWaiting } from "../deployment/stage-limit.ts";
import type { RollbackWindow } from "../deployment/window.ts";
import { toSeenDrift } from "../drift/drift-words.ts";
import { judgeLook, type Ledger } from "../drift/ledger.ts";
import type { Observation } from "../observation/observation.ts";
import type { SourceState } from "../observation/source.ts";
import { actionStates } from "../rules/action-rules.ts";
import { findAlarms } from "../rules/alarms.ts";
import { type Freeze, findFreeze } from "../rules/freeze.ts";
import { findOpenWindow, rollbackSide, rollbackWindow } from "../rules/rollback-rules.ts";
import type { RuleFacts } from "../rules/rule-facts.ts";
import { findScaleDownBlockers, findScaleDownMove } from "../rules/scale-down-rules.ts";
import type { UnapprovedRevision } from "../rules/unapproved-rules.ts";
import type { ApplicationSnapshot } from "./snapshot.ts";

/** What the record adds to a look at AWS. */
export interface SnapshotRecord {
  /** The one in flight. */
  deployment: Deployment | null;
  /** Newest finished one. */
  lastDeployment: Deployment | null;
  /** Finished ones, newest first; what `lastDeployment` says alone when left out. */
  history?: readonly Deployment[];
  /** What AWS is expected to hold; null before the first look that was kept. */
  ledger?: Ledger | null;
  /** Freezes that have not ended when it is read. */
  freezes?: readonly Freeze[];
  /** Revisions whose newest release ended without its approval; none when left out. */
  unapproved?: readonly UnapprovedRevision[];
}

/** One look at AWS and the record as everything a page shows. Pure and total: whatever was observed gives a snapshot. */
export function composeSnapshot(
  application: Application,
  observation: Observation,
  record: SnapshotRecord,
  now: number,
): ApplicationSnapshot {
  const facts = ruleFacts(application, observation, record, now);
  const openWindow = findOpenWindow(facts);
  return {
    name: application.name,
    region: application.region,
    account: application.accountId,
    ...(application.team === undefined ? {} : { team: application.team }),
    cluster: application.cluster,
    controller: application.controller,
    capabilities: CAPABILITIES[application.controller],
    observedAt: observation.observedAt,
    answeredAt: now,
    ...(observation.observedAt === 0 ? { isUnread: true } : {}),
    sources: observation.sources.map((source) => ({ ...source, ageMs: ageNow(source, observation, now) })),
    traffic: observation.traffic,
    slots: observation.slots,
    ...(observation.waysIn ? { waysIn: observation.waysIn.ways } : {}),
    deployment: record.deployment && withWaiting(record.deployment, observation),
    lastDeployment: record.lastDeployment,
    window: windowOf(application, facts),
    rollbackTo: rollbackSide(facts),
    ...(openWindow ? { openWindow } : {}),
    actions: actionStates(facts),
    alarms: findAlarms(facts),
    ...(facts.ledger && facts.ledger.drifts.length > 0 ? { drifts: facts.ledger.drifts.map(toSeenDrift) } : {}),
    ...(facts.freeze ? { freeze: facts.freeze } : {}),
    ...automaticRollbackOf(facts),
    ...(observation.awsDeployments?.[0] ? { awsDeployment: observation.awsDeployments[0] } : {}),
    ...(observation.watchedAlarms ? { watchedAlarms: observation.watchedAlarms } : {}),
  };
}

/** An observation tells ages at its own time; what was never read has none. */
function ageNow({ ageMs }: SourceState, { observedAt }: Observation, now: number): number {
  return observedAt === 0 ? 0 : Math.max(0, now - observedAt + ageMs);
}

/** What the rules look at, from the same parts as a snapshot. */
export function ruleFacts(
  application: Application,
  observation: Observation,
  record: SnapshotRecord,
  now: number,
): RuleFacts {
  const history = record.history ?? (record.lastDeployment ? [record.lastDeployment] : []);
  const closed = application.maintenanceWindow?.(now) ?? null;
  const freeze = findFreeze(record.freezes, application.name, now);
  const { deployment } = record;
  // Judged with this very look, whether or not anybody has kept it by now.
  const ledger = record.ledger ? judgeLook(record.ledger, observation, { deployment, history }) : null;
  const { unapproved = [] } = record;
  return { application, observation, deployment, history, closed, freeze, ledger, unapproved, now };
}

function automaticRollbackOf({ deployment, history }: RuleFacts): Pick<ApplicationSnapshot, "automaticRollback"> {
  const automaticRollback = findAutomaticRollback(deployment ? [deployment, ...history] : history);
  return automaticRollback ? { automaticRollback } : {};
}

function windowOf({ afterWindow }: Application, facts: RuleFacts): RollbackWindow | null {
  const window = rollbackWindow(facts);
  if (!window || afterWindow !== "scale-down" || !findScaleDownMove(facts)) return window;
  return { ...window, scaleDown: { waitsFor: findScaleDownBlockers(facts) } };
}
