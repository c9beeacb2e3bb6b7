import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { bigint, pgTable, text } from "drizzle-orm/pg-core";
import type { Database } from "./database.ts";
import { MIGRATIONS, type Migration } from "./migrations/all.ts";

/** The schema in the database is not one that this build can use; nothing was changed. */
export class MigrationRefused extends Error {
  override readonly name = "MigrationRefused";
}

const applied = pgTable("schema_migrations", {
  name: text("name").primaryKey(),
  checksum: text("checksum").notNull(),
  appliedAt: bigint("applied_at", { mode: "number" }).notNull(),
});
/** Any number that only this program uses. */
const ADVISORY_LOCK = 7_921_604_331;

/**
 * Brings the schema up to date in one transaction and answers the names it applied; safe to call twice and from
 * many replicas at once, which wait for one another. @throws MigrationRefused
 */
export async function migrate(
  db: Database,
  now: number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<string[]> {
  return await db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${sql.raw(String(ADVISORY_LOCK))})`);
    // A role that may not create anything still sees that there is nothing to do.
    const [known] = await tx
      .select({ exists: sql<boolean>`to_regclass('schema_migrations') is not null` })
      .from(sql`(select 1) as once`);
    if (!known?.exists)
      await tx.execute(
        sql`create table schema_migrations (name text primary key, checksum text not null, applied_at bigint not null)`,
      );
    const rows = await tx.select().from(applied).orderBy(applied.name);
    rows.forEach((row, index) => {
      const migration = migrations[index];
      if (migration?.name !== row.name)
        throw new MigrationRefused(
          `The database has the migration ${row.name}, which this version of Switchyard does not know: start a version at least as new as the one that made it`,
        );
      if (checksumOf(migration) !== row.checksum)
        throw new MigrationRefused(
          `The migration ${row.name} was edited after it had been applied: restore it and add another`,
        );
    });
    const pending = migrations.slice(rows.length);
    for (const migration of pending) {
      for (const statement of migration.statements) await tx.execute(sql.raw(statement));
      await tx.insert(applied).values({ name: migration.name, checksum: checksumOf(migration), appliedAt: now });
    }
    return pending.map((migration) => migration.name);
  });
}

function checksumOf(migration: Migration): string {
  return createHash("sha256").update(migration.statements.join(";\n")).digest("hex");
}
