import { sql } from "drizzle-orm";
import type { Database } from "./database.ts";

/** Tables that the runtime only adds to; the database's functions write the rest of the audit for it. */
const ADDED_TO = ["audit", "journal"];
const READ = ["audit_head", "audit_checkpoint", "schema_migrations"];

/** The role that a connection acts as. */
export async function currentRole(db: Database): Promise<string> {
  const [row] = await db.select({ role: sql<string>`current_user::text` }).from(sql`(select 1) as once`);
  return row?.role ?? "";
}

/**
 * Gives the runtime's role what it needs on the owner's tables and no more: no UPDATE, DELETE or TRUNCATE on the audit and the
 * journal, no write to where the audit's chain ends or was pruned. Run as the owner, after every migration; safe to call twice.
 */
export async function grantRuntime(owner: Database, role: string): Promise<void> {
  const name = sql.identifier(role);
  await owner.transaction(async (tx) => {
    const tables = await tx
      .select({ name: sql<string>`relname::text` })
      .from(sql`pg_class`)
      .where(sql`relkind = 'r' and relnamespace = current_schema()::regnamespace and relowner = current_user::regrole`);
    const [schema] = await tx.select({ name: sql<string>`current_schema()::text` }).from(sql`(select 1) as once`);
    await tx.execute(sql`grant usage on schema ${sql.identifier(schema?.name ?? "public")} to ${name}`);
    for (const table of tables) {
      const rights = READ.includes(table.name)
        ? "select"
        : ADDED_TO.includes(table.name)
          ? "select, insert"
          : "select, insert, update, delete";
      await tx.execute(sql`revoke all on table ${sql.identifier(table.name)} from public, ${name}`);
      await tx.execute(sql`grant ${sql.raw(rights)} on table ${sql.identifier(table.name)} to ${name}`);
    }
    await tx.execute(sql`grant execute on function prune_audit(bigint, text, bigint, bigint, text) to ${name}`);
  });
}

/** Whether the connection's role could change or delete audit rows if the trigger were gone. */
export async function mayChangeAudit(db: Database): Promise<boolean> {
  const [row] = await db
    .select({
      may: sql<boolean>`has_table_privilege('audit', 'update, delete, truncate')
        or pg_has_role((select relowner from pg_class where oid = 'audit'::regclass), 'member')`,
    })
    .from(sql`(select 1) as once`);
  return row?.may ?? true;
}
