import { sql } from "drizzle-orm";
import type { AuditRow } from "../lib/domain/audit/audit.ts";
import { columnsOf } from "../lib/store/audit.ts";
import { BEFORE_FIRST, type ChainedRow, hashOf } from "../lib/store/audit-chain.ts";
import type { Database } from "../lib/store/database.ts";

const BATCH_ROWS = 5_000;
const DAY_MS = 24 * 60 * 60_000;
const APPLICATIONS = 200;
const PEOPLE = 500;
const ACTIONS = ["deploy", "switch", "rollback", "approve", "reject", "abort", "extend", "retire"] as const;

/** Fills an empty audit with a year of rows in a chain that holds; as the owner, past the trigger that would chain them singly. */
export async function fillAudit(db: Database, count: number, now: number): Promise<void> {
  await db.execute(sql`alter table audit disable trigger user`);
  // Built once at the end they cost a fraction of being kept up row by row.
  const indexes = await db
    .select({ name: sql<string>`indexname::text`, made: sql<string>`indexdef` })
    .from(sql`pg_indexes`)
    .where(sql`schemaname = current_schema() and tablename = 'audit' and indexname <> 'audit_pkey'`);
  for (const { name } of indexes) await db.execute(sql`drop index ${sql.identifier(name)}`);
  let hash = BEFORE_FIRST;
  for (let from = 1; from <= count; from += BATCH_ROWS) {
    const batch: Record<string, unknown>[] = [];
    for (let sequence = from; sequence < Math.min(from + BATCH_ROWS, count + 1); sequence++) {
      const row = chained(rowAt(sequence, count, now), sequence);
      hash = hashOf(hash, row);
      batch.push(storedOf({ ...row, hash }));
    }
    await db.execute(
      sql`insert into audit select * from json_populate_recordset(null::audit, ${JSON.stringify(batch)}::json)`,
    );
  }
  await db.transaction(async (tx) => {
    await tx.execute(sql`set local statement_timeout = 0`);
    for (const { made } of indexes) await tx.execute(sql.raw(made));
  });
  await db.execute(sql`update audit_head set sequence = ${count}, hash = ${hash}`);
  await db.execute(sql`alter table audit enable trigger user`);
  await db.execute(sql`analyze audit`);
}

/** Deterministic, and as uneven as life: half of it is of a few applications, most of it was done. */
function rowAt(sequence: number, count: number, now: number): AuditRow {
  const chance = (salt: number, below: number) => ((sequence * 2_654_435_761 + salt * 40_503) >>> 0) % below;
  const application = chance(1, 2) === 0 ? chance(2, 8) : chance(3, APPLICATIONS);
  const person = chance(4, PEOPLE);
  const action = ACTIONS[chance(5, ACTIONS.length)] ?? "deploy";
  const share = chance(6, 100);
  const at = Math.round(now - 365 * DAY_MS * (1 - sequence / count));
  return {
    id: `b-${String(sequence).padStart(9, "0")}`,
    at,
    askedAt: at - 40,
    actorId: `person-${person}@example.com`,
    actorName: `Person ${person}`,
    role: "operator",
    via: "session",
    address: `203.0.113.${chance(7, 250)}`,
    credentialId: `s-${chance(8, 5000)}`,
    action: `deployment.${action}`,
    application: application === 0 ? "library" : `application-${application}`,
    deploymentId: `d-${Math.ceil(sequence / 5)}`,
    before: "blue 1.0.0",
    after: "green 1.1.0",
    outcome: share < 90 ? "done" : share < 98 ? "refused" : "failed",
    code: share < 90 ? null : "STANDBY_NOT_HEALTHY",
    message: `${action}: RELEASE of application-${application} from blue to green (IN_PROGRESS)`,
    reason: chance(9, 3) === 0 ? "release of the week, as agreed" : null,
    receipt: "f".repeat(64),
    awsRequestIds: [`5f9f9dd9-1d6d-4d7c-9f44-${String(sequence).padStart(12, "0")}`],
  };
}

function chained(row: AuditRow, sequence: number): Omit<ChainedRow, "hash"> {
  const columns = columnsOf(row);
  return {
    role: null,
    address: null,
    application: null,
    deploymentId: null,
    code: null,
    reason: null,
    receipt: null,
    awsRequestId: null,
    askedAt: null,
    credentialId: null,
    subject: null,
    before: null,
    after: null,
    awsRequestIds: null,
    sentences: null,
    ...columns,
    sequence,
  };
}

/** By the table's own names. */
function storedOf(row: ChainedRow): Record<string, unknown> {
  const { before, after, ...rest } = row;
  const columns = Object.entries(rest).map(([name, value]) => [
    name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return { ...Object.fromEntries(columns), before_state: before, after_state: after };
}
