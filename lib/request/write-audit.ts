import { randomUUID } from "node:crypto";
import { within } from "../async/within.ts";
import { credentialOf, roleOn } from "../domain/access/role.ts";
import type { AuditRow } from "../domain/audit/audit.ts";
import { log } from "../log.ts";
import type { Context } from "./context.ts";

/** A database that does not take a row within this is away. */
const TAKEN_WITHIN_MS = 3_000;

/** What one audit row says besides who and when it was written. */
export type AuditFact = Omit<
  AuditRow,
  "id" | "at" | "actorId" | "actorName" | "role" | "via" | "address" | "credentialId" | "sequence" | "hash"
>;

/** The row as it would be written now. */
export function auditRow({ identity, runtime, address }: Context, fact: AuditFact): AuditRow {
  const credentialId = credentialOf(identity);
  return {
    id: randomUUID(),
    at: runtime.now(),
    actorId: identity?.id ?? "anonymous",
    actorName: identity?.name ?? "anonymous",
    role: roleOn(identity, fact.application),
    via: identity?.via ?? "none",
    address,
    ...(credentialId === null ? {} : { credentialId }),
    ...fact,
  };
}

/** Adds one row. What it tells of has been done or refused by now, so one that the database does not take waits for it. */
export async function keepAudit(ctx: Context, fact: AuditFact): Promise<void> {
  const row = auditRow(ctx, fact);
  try {
    await within(TAKEN_WITHIN_MS, ctx.runtime.store.appendAudit(row));
  } catch (error) {
    const isKept = ctx.runtime.engine.late.keepAudit(row);
    log[isKept ? "warn" : "error"]("An audit row could not be written yet", { isKept, row, error });
  }
}
