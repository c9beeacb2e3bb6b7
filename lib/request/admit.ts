import type { Identity } from "../domain/access/role.ts";
import { say } from "../domain/sentence/sentence.ts";
import { auditDenial } from "./audit-denial.ts";
import type { Context } from "./context.ts";
import { findRateRefusal } from "./rate-limit.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { AuditFact } from "./write-audit.ts";

/** Who may ask at all: somebody, and not too often. A refusal is audited in measure, so that nobody can fill the audit. */
export async function admit(
  ctx: Context,
  factOf: (refusal: Refusal<never>) => AuditFact,
): Promise<{ ok: true; value: Identity } | Refusal<never>> {
  const { identity } = ctx;
  const nobody = refuse("UNAUTHENTICATED", say("refusal.nobody"), say("refusal.signInOrToken"));
  const refusal = identity ? findRateRefusal(ctx.runtime, identity) : nobody;
  if (identity && !refusal) return { ok: true, value: identity };
  await auditDenial(ctx, factOf(refusal ?? nobody));
  return refusal ?? nobody;
}
