import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import { type LateRollback, lateRecord, turnedLate } from "../domain/late/late-rollback.ts";
import { findUnapproved, isCleared, withRelease } from "../domain/rules/unapproved-rules.ts";
import type { SnapshotRecord } from "../domain/snapshot/compose-snapshot.ts";
import type { Store } from "./store.ts";

/** The record of one application with enough history to know what a rollback brings back. */
export type ApplicationRecord = SnapshotRecord & { history: readonly Deployment[] };

/** What of the store the record is read from. */
export type RecordStore = Pick<
  Store,
  "findDeploymentInFlight" | "listDeployments" | "listUnapprovedReleases" | "listFreezes" | "findLedger"
>;

const HISTORY = 20;

/** Reads it from the store; rejects when the store does not answer. */
export async function readApplicationRecord(
  store: RecordStore,
  application: string,
  now: number,
): Promise<ApplicationRecord> {
  const [deployment, page, releases, freezes, ledger] = await Promise.all([
    store.findDeploymentInFlight(application),
    store.listDeployments(application, { limit: HISTORY }),
    store.listUnapprovedReleases(application),
    store.listFreezes(now, application),
    store.findLedger(application),
  ]);
  const unapproved = findUnapproved(releases);
  return { ...withHistory(deployment, page.items), freezes, ledger, unapproved };
}

/** The record after one deployment changed. */
export function withDeployment(record: ApplicationRecord, changed: Deployment): ApplicationRecord {
  const others = record.history.filter((deployment) => deployment.id !== changed.id);
  const next = isInFlight(changed)
    ? withHistory(changed, others)
    : withHistory(record.deployment?.id === changed.id ? null : record.deployment, [changed, ...others]);
  const isSame = (one: Deployment) => one.revision?.taskDefinition === changed.revision?.taskDefinition;
  const wasCleared = others.some((one) => isSame(one) && isCleared(one));
  return { ...record, ...next, unapproved: withRelease(record.unapproved ?? [], changed, wasCleared) };
}

/** The record with what was done while the database was away and is not in it yet. */
export function withLate(record: ApplicationRecord, waiting: readonly LateRollback[]): ApplicationRecord {
  return waiting.reduce((known, rollback) => {
    const { deployment } = known;
    // Nobody asked for it, so until it is written it is the deployment in flight that is shown, not one of its own.
    if (deployment?.id === rollback.turns && rollback.breach && !rollback.outcome)
      return withDeployment(known, { ...deployment, late: true });
    return withDeployment(known, (deployment && turnedLate(rollback, deployment)) ?? lateRecord(rollback));
  }, record);
}

function withHistory(deployment: Deployment | null, deployments: readonly Deployment[]) {
  const history = deployments
    .filter((candidate) => !isInFlight(candidate))
    .sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0))
    .slice(0, HISTORY);
  return { deployment, lastDeployment: history[0] ?? null, history };
}
