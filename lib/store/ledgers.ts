import { and, eq } from "drizzle-orm";
import type { Ledger } from "../domain/drift/ledger.ts";
import type { Database } from "./database.ts";
import { ledgers } from "./schema.ts";

/** Null before the first look that was kept. */
export async function findLedger(db: Database, application: string): Promise<Ledger | null> {
  const rows = await db.select().from(ledgers).where(eq(ledgers.application, application));
  const row = rows[0];
  return row ? { ...row.document, version: row.version } : null;
}

/** Replaces the version it was made from, and no other. */
export async function saveLedger(db: Database, application: string, ledger: Ledger): Promise<Ledger | null> {
  const { version, ...document } = ledger;
  const next = { ...document, version: version + 1 };
  const saved =
    version === 0
      ? await db
          .insert(ledgers)
          .values({ application, version: 1, document })
          .onConflictDoNothing()
          .returning({ application: ledgers.application })
      : await db
          .update(ledgers)
          .set({ version: version + 1, document })
          .where(and(eq(ledgers.application, application), eq(ledgers.version, version)))
          .returning({ application: ledgers.application });
  return saved.length > 0 ? next : null;
}
