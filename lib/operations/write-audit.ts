import { randomUUID } from "node:crypto";
import type { AuditRow } from "../domain/audit.ts";
import { roleOn } from "../domain/role.ts";
import type { Context } from "./context.ts";

/** What one audit row says besides who and when. */
export type AuditFact = Pick<
  AuditRow,
  "action" | "application" | "deploymentId" | "outcome" | "code" | "message" | "reason" | "receipt" | "awsRequestId"
>;

/** Adds one row; rejects when the store does not take it. */
export function writeAudit(ctx: Context, fact: AuditFact): Promise<void> {
  const { identity, runtime, address } = ctx;
  return runtime.store.appendAudit({
    id: randomUUID(),
    at: runtime.now(),
    actorId: identity?.id ?? "anonymous",
    actorName: identity?.name ?? "anonymous",
    role: roleOn(identity, fact.application),
    via: identity?.via ?? "none",
    address,
    ...fact,
  });
}
