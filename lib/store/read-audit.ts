import { cp, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/pglite";
import { verifyAudit } from "./audit-chain.ts";
import { refuseLocked } from "./lock-directory.ts";
import { openDirectory } from "./open-pglite.ts";
import { openPostgres } from "./open-postgres.ts";
import type { AuditVerdict } from "./store.ts";

/** Where the record to be read is. */
export type RecordPlace = { databaseUrl: string } | { dataDir: string };

/**
 * Walks the audit's chain of a record that is left exactly as it is: nothing is migrated, moved, repaired or written. An embedded
 * one is read as a copy, because opening it writes. @throws DirectoryLocked, and whatever keeps it from being read.
 */
export async function readAudit(
  place: RecordPlace,
  keys: readonly string[],
  known: { sequence: number; hash: string } | null = null,
): Promise<AuditVerdict> {
  if ("databaseUrl" in place) {
    const { db, close } = await openPostgres(place.databaseUrl);
    return verifyAudit(db, keys, known).finally(close);
  }
  const source = join(place.dataDir, "pglite");
  await refuseLocked(place.dataDir);
  // A fresh database would be made where this is missing, and found intact.
  for (const part of ["PG_VERSION", "global/pg_control", "base"])
    await stat(join(source, part)).catch(() => {
      throw new Error(`${source} is damaged: it has no ${part}`);
    });
  const folder = await mkdtemp(join(tmpdir(), "switchyard-audit-"));
  try {
    const copy = join(folder, "pglite");
    await cp(source, copy, { recursive: true });
    // Started meanwhile, it may have been copied half written.
    await refuseLocked(place.dataDir);
    const client = await openDirectory(copy);
    return await verifyAudit(drizzle({ client }), keys, known).finally(() => client.close());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
