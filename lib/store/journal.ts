import { eq, max } from "drizzle-orm";
import type { JournalEntry } from "../domain/deployment/deployment.ts";
import { type Database, storableText } from "./database.ts";
import { journal } from "./schema.ts";

/** Appends in order; call it in a transaction that holds the deployment's row. */
export async function appendJournal(
  tx: Database,
  deploymentId: string,
  entries: readonly Omit<JournalEntry, "sequence">[],
): Promise<void> {
  if (entries.length === 0) return;
  const [last] = await tx
    .select({ sequence: max(journal.sequence) })
    .from(journal)
    .where(eq(journal.deploymentId, storableText(deploymentId)));
  const first = (last?.sequence ?? 0) + 1;
  await tx
    .insert(journal)
    .values(entries.map((document, index) => ({ deploymentId, sequence: first + index, document })));
}

/** Oldest first. */
export async function listJournal(db: Database, deploymentId: string): Promise<JournalEntry[]> {
  const rows = await db
    .select()
    .from(journal)
    .where(eq(journal.deploymentId, storableText(deploymentId)))
    .orderBy(journal.sequence);
  return rows.map((row) => ({ ...row.document, sequence: row.sequence }));
}
