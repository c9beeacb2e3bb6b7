import type { z } from "zod";
import type { Result } from "../domain/blocker.ts";
import type { Identity } from "../domain/role.ts";
import { admit } from "./admit.ts";
import type { Context } from "./context.ts";
import { describeIssues } from "./input.ts";
import { findPermissionRefusal } from "./permission.ts";
import { refusalOf, refuse } from "./refusal.ts";
import { type AuditFact, keepAudit } from "./write-audit.ts";

/** One operation on API tokens: how the audit names it, its input and what it does. */
export interface AdministrationSpec<I, T> {
  action: `token.${string}`;
  schema: z.ZodType<I>;
  run(ctx: Context & { identity: Identity }, input: I): Promise<Result<T>>;
  /** What the audit says when it is done; never a secret. */
  describe(value: T): string;
  /** What it was about, and from what to what. */
  change?(value: T): Pick<AuditFact, "subject" | "before" | "after">;
}

/** The order of `operate` for what is about no deployment: permission, parse, its own part, audit. Refusals are audited, too. */
export async function administer<I, T>(ctx: Context, raw: unknown, spec: AdministrationSpec<I, T>): Promise<Result<T>> {
  const askedAt = ctx.runtime.now();
  const factOf = (result: Result<T>): AuditFact => ({
    askedAt,
    action: spec.action,
    application: null,
    deploymentId: null,
    ...(result.ok ? spec.change?.(result.value) : {}),
    outcome: result.ok ? "done" : result.code === "STORE_UNAVAILABLE" ? "failed" : "refused",
    code: result.ok ? null : result.code,
    message: result.ok ? spec.describe(result.value) : result.message,
    reason: null,
  });
  const admitted = await admit(ctx, factOf);
  if (!admitted.ok) return admitted;
  const result = await attempt({ ...ctx, identity: admitted.value }, raw, spec);
  await keepAudit(ctx, factOf(result));
  return result;
}

async function attempt<I, T>(
  ctx: Context & { identity: Identity },
  raw: unknown,
  spec: AdministrationSpec<I, T>,
): Promise<Result<T>> {
  const denied = findPermissionRefusal(ctx, "tokens");
  if (denied) return denied;
  const parsed = spec.schema.safeParse(raw);
  if (!parsed.success) return refuse("INVALID_INPUT", ...describeIssues(parsed.error, raw));
  try {
    return await spec.run(ctx, parsed.data);
  } catch (error) {
    return refusalOf(error);
  }
}
