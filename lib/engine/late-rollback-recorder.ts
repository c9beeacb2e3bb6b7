import type { Deployment } from "../domain/deployment/deployment.ts";
import { endedLateRecord, lateJournal, lateRecord, turnedLate } from "../domain/late/late-rollback.ts";
import { say } from "../domain/sentence/sentence.ts";
import { lineMembers } from "../domain/sentence/told.ts";

import type { LoggedRollback } from "../store/write-ahead-log.ts";
import type { DeploymentRecord, JournalLine } from "./deployment-record.ts";
import type { EngineDeps } from "./engine-deps.ts";

/**
 * Brings a rollback that was made without the database into it: as the end of the deployment that it rolled back, or as one of
 * its own, with its row in the audit. Nothing is lost or doubled when it is cut off and called again.
 */
export type RecordLateRollback = (rollback: LoggedRollback) => Promise<Deployment>;

export function createLateRollbackRecorder(
  { store, now }: Pick<EngineDeps, "store" | "now">,
  record: DeploymentRecord,
): RecordLateRollback {
  async function recordOne(rollback: LoggedRollback): Promise<Deployment> {
    const inserted = rollback.turns === null ? null : await recordTurn(rollback, rollback.turns);
    const deployment = inserted ?? (await recordOwn(rollback));
    const { outcome, audit } = rollback;
    const isDone = outcome?.phase === "done";
    if (audit)
      await store.appendAuditOnce({
        ...audit,
        deploymentId: deployment.id,
        outcome: isDone ? "done" : "failed",
        code: isDone ? null : "AWS_ERROR",
        ...lineMembers(
          say("auditRow.recordedLate", {
            what: audit.said ?? audit.message,
            outcome: outcome?.said ?? outcome?.message ?? "",
          }),
        ),
        ...(outcome?.awsRequestId ? { awsRequestId: outcome.awsRequestId } : {}),
      });
    return deployment;
  }

  /** Null when the deployment that it rolled back has ended otherwise, so that it needs a record of its own. */
  async function recordTurn(rollback: LoggedRollback, id: string): Promise<Deployment | null> {
    return save(rollback, id, (newest) => {
      if (newest.plan?.lateId === rollback.id) return { deployment: newest, entries: [] };
      const turned = turnedLate(rollback, newest);
      return turned && { deployment: turned, entries: entriesOf(rollback) };
    });
  }

  async function recordOwn(rollback: LoggedRollback): Promise<Deployment> {
    if (!(await store.findDeployment(rollback.id))) await insert(rollback);
    const saved = await save(rollback, rollback.id, (newest) => {
      if (newest.plan?.lateId === rollback.id) return { deployment: newest, entries: [] };
      return { deployment: lateRecord(rollback, newest), entries: entriesOf(rollback) };
    });
    if (!saved) throw new Error(`Deployment ${rollback.id} cannot be read back`);
    return saved;
  }

  /** Without its mark: that comes with the journal, in one transaction. */
  async function insert(rollback: LoggedRollback): Promise<void> {
    const unmarked = (deployment: Deployment): Deployment =>
      deployment.plan ? { ...deployment, plan: { ...deployment.plan, lateId: undefined } } : deployment;
    try {
      await store.insertDeployment(unmarked(lateRecord(rollback)));
    } catch (error) {
      if (!(error instanceof Error && error.name === "DeploymentInFlight")) throw error;
      await store.insertDeployment(unmarked(endedLateRecord(rollback)));
    }
  }

  async function save(
    rollback: LoggedRollback,
    id: string,
    change: (newest: Deployment) => { deployment: Deployment; entries: JournalLine[] } | null,
  ): Promise<Deployment | null> {
    let isRefused = false;
    const saved = await record.updateLate(id, rollback.application, (newest) => {
      const next = change(newest);
      isRefused = next === null;
      return next;
    });
    if (saved || isRefused) return saved;
    throw new Error(`Another replica acts on ${rollback.application}; ${rollback.id} is recorded after it`);
  }

  function entriesOf(rollback: LoggedRollback): JournalLine[] {
    const note = lineMembers(say("step.recordedLate"));
    return [...lateJournal(rollback), { at: now(), step: "rollback", phase: "note", ...note }];
  }

  return recordOne;
}
