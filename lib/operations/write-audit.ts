import { randomUUID } from "node:crypto";
import type { AuditRow } from "../domain/audit.ts";
import { credentialOf, roleOn } from "../domain/role.ts";
import { log } from "../log.ts";
import type { Context } from "./context.ts";

/** What one audit row says besides who and when it was written. */
export type AuditFact = Omit<
  AuditRow,
  "id" | "at" | "actorId" | "actorName" | "role" | "via" | "address" | "credentialId" | "sequence" | "hash"
>;

/** Adds one row; rejects when the store does not take it. */
function writeAudit(ctx: Context, fact: AuditFact): Promise<void> {
  const { identity, runtime, address } = ctx;
  const credentialId = credentialOf(identity);
  return runtime.store.appendAudit({
    id: randomUUID(),
    at: runtime.now(),
    actorId: identity?.id ?? "anonymous",
    actorName: identity?.name ?? "anonymous",
    role: roleOn(identity, fact.application),
    via: identity?.via ?? "none",
    address,
    ...(credentialId === null ? {} : { credentialId }),
    ...fact,
  });
}

/** Adds one row; a lost one is logged, because what it tells of has been done or refused by now. */
export async function keepAudit(ctx: Context, fact: AuditFact): Promise<void> {
  try {
    await writeAudit(ctx, fact);
  } catch (error) {
    log.error("An audit row could not be written", { action: fact.action, code: fact.code, error });
  }
}
