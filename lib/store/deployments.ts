import { and, desc, eq, inArray, isNotNull, lt, or } from "drizzle-orm";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import { approvalAskedAt } from "../domain/rules/approval-rules.ts";
import { endedUnapproved } from "../domain/rules/unapproved-rules.ts";
import { appendAudit } from "./audit.ts";
import { type Database, sqlFailure, storableText } from "./database.ts";
import { completeIdempotencyKey } from "./idempotency-keys.ts";
import { appendJournal, listJournal } from "./journal.ts";
import { checkFence } from "./leases.ts";
import { decodeCursor, toPage } from "./page-cursor.ts";
import { deployments } from "./schema.ts";
import { DeploymentInFlight, type Fence, type Page, type RecordChange, RecordChanged } from "./store.ts";

const UNIQUE_VIOLATION = "23505";

/**
 * @throws DeploymentInFlight when the application has one; the database itself keeps it to one. With `seen`, the ids of the
 * finished ones that were known: @throws RecordChanged when another one has ended since.
 */
export async function insertDeployment(db: Database, deployment: Deployment, seen?: readonly string[]): Promise<void> {
  try {
    const row = { id: deployment.id, ...columnsOf(deployment) };
    if (!seen) await db.insert(deployments).values(row);
    else
      await db.transaction(async (tx) => {
        // From here on no other one can be in flight, so whatever ended before is there to be read.
        await tx.insert(deployments).values(row);
        const last = await findLastFinished(tx, deployment.application);
        if (last && !seen.includes(last.id)) throw new RecordChanged(deployment.application);
      });
  } catch (error) {
    const { code, constraint } = sqlFailure(error);
    if (code !== UNIQUE_VIOLATION || constraint !== "deployments_one_in_flight") throw error;
    const other = await findDeploymentInFlight(db, deployment.application);
    // It may have finished between the two statements: then there is room now.
    if (other === null) return insertDeployment(db, deployment, seen);
    throw new DeploymentInFlight(other);
  }
}

/**
 * Changes the newest record with its row locked, and appends journal and audit, in one transaction: whoever else changes it
 * comes before or after. With a fence only while that is the newest. @throws FenceLost
 */
export async function changeDeployment(
  db: Database,
  id: string,
  fence: Fence | null,
  change: RecordChange,
): Promise<Deployment | null> {
  return db.transaction(async (tx) => {
    if (fence) await checkFence(tx, fence);
    const rows = await tx
      .select()
      .from(deployments)
      .where(eq(deployments.id, storableText(id)))
      .for("update");
    const newest = rows[0]?.document;
    if (!newest) return null;
    if (fence && fence.application !== newest.application)
      throw new Error(`A fence of ${fence.application} cannot guard a deployment of ${newest.application}`);
    const changed = await change(newest, () => listJournal(tx, id));
    if (!changed) return null;
    const { deployment, entries, audit, answers } = changed;
    await tx.update(deployments).set(columnsOf(deployment)).where(eq(deployments.id, id));
    await appendJournal(tx, id, entries);
    if (answers) await completeIdempotencyKey(tx, answers.scope, answers.key, id);
    // Last, because the chain is locked from here to the end of the transaction.
    for (const row of audit) await appendAudit(tx, row);
    return deployment;
  });
}

export async function findDeployment(db: Database, id: string): Promise<Deployment | null> {
  // Ids come from addresses as strangers write them: one that cannot be stored is nobody's.
  const rows = await db
    .select()
    .from(deployments)
    .where(eq(deployments.id, storableText(id)));
  return rows[0]?.document ?? null;
}

export async function findDeploymentInFlight(db: Database, application: string): Promise<Deployment | null> {
  const rows = await db
    .select()
    .from(deployments)
    .where(and(eq(deployments.application, application), eq(deployments.isInFlight, true)));
  return rows[0]?.document ?? null;
}

/** Oldest first. */
export async function listDeploymentsInFlight(db: Database): Promise<Deployment[]> {
  const rows = await db
    .select()
    .from(deployments)
    .where(eq(deployments.isInFlight, true))
    .orderBy(deployments.startedAt, deployments.id);
  return rows.map((row) => row.document);
}

/** Those that wait for people to approve them, newest first; of these applications, or of all (null). */
export async function listAwaitingApproval(
  db: Database,
  applications: readonly string[] | null,
): Promise<Deployment[]> {
  const rows = await db
    .select({ document: deployments.document })
    .from(deployments)
    .where(
      and(
        isNotNull(deployments.approvalSince),
        applications === null ? undefined : inArray(deployments.application, [...applications]),
      ),
    )
    .orderBy(desc(deployments.approvalSince), deployments.id);
  return rows.map((row) => row.document);
}

/**
 * Every finished release of the revisions that were refused their approval at some time, those that were given it included,
 * however long ago.
 */
export async function listUnapprovedReleases(db: Database, application: string): Promise<Deployment[]> {
  const ofApplication = eq(deployments.application, application);
  const refused = db
    .select({ revision: deployments.releasedRevision })
    .from(deployments)
    .where(and(ofApplication, eq(deployments.isUnapproved, true)));
  const rows = await db
    .select({ document: deployments.document })
    .from(deployments)
    .where(and(ofApplication, eq(deployments.isInFlight, false), inArray(deployments.releasedRevision, refused)));
  return rows.map((row) => row.document);
}

/** The one that finished last, not the one that started last. */
export async function findLastFinished(db: Database, application: string): Promise<Deployment | null> {
  const rows = await db
    .select()
    .from(deployments)
    .where(and(eq(deployments.application, application), eq(deployments.isInFlight, false)))
    .orderBy(desc(deployments.finishedAt), desc(deployments.startedAt), desc(deployments.id))
    .limit(1);
  return rows[0]?.document ?? null;
}

/** Newest first; a cursor that is none of ours starts at the beginning. */
export async function listDeployments(
  db: Database,
  application: string,
  page: { limit: number; cursor?: string },
): Promise<Page<Deployment>> {
  const after = page.cursor === undefined ? null : decodeCursor(page.cursor);
  const rows = await db
    .select()
    .from(deployments)
    .where(
      and(
        eq(deployments.application, application),
        after
          ? or(
              lt(deployments.startedAt, after.at),
              and(eq(deployments.startedAt, after.at), lt(deployments.id, after.id)),
            )
          : undefined,
      ),
    )
    .orderBy(desc(deployments.startedAt), desc(deployments.id))
    .limit(page.limit + 1);
  const { items, nextCursor } = toPage(rows, page.limit, (row) => ({ at: row.startedAt, id: row.id }));
  return { items: items.map((row) => row.document), nextCursor };
}

function columnsOf(deployment: Deployment) {
  return {
    application: deployment.application,
    isInFlight: isInFlight(deployment),
    startedAt: deployment.startedAt,
    finishedAt: deployment.finishedAt,
    approvalSince: approvalAskedAt(deployment),
    releasedRevision: deployment.kind === "RELEASE" ? (deployment.revision?.taskDefinition ?? null) : null,
    isUnapproved: endedUnapproved(deployment),
    document: deployment,
  };
}
