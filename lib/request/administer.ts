import type { z } from "zod";
import { canSomewhere, type Identity, type Permission } from "../domain/access/role.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { admit } from "./admit.ts";
import type { Context } from "./context.ts";
import { describeIssues } from "./input.ts";
import { findPermissionRefusal } from "./permission.ts";
import { type Refusal, refusalOf, refuse } from "./refusal.ts";
import { type AuditFact, keepAudit } from "./write-audit.ts";

/** One operation that is about no deployment: how the audit names it, its input and what it does. */
export interface AdministrationSpec<I, T> {
  action: `${"token" | "grant" | "session" | "delivery" | "line" | "drift"}.${string}`;
  /** "tokens" when left out. */
  permission?: Permission;
  schema: z.ZodType<I>;
  run(ctx: Context & { identity: Identity }, input: I): Promise<Result<T>>;
  /** What the audit says when it is done; never a secret. */
  describe(value: T): string;
  /** What it was about, and from what to what. */
  change?(value: T): Pick<AuditFact, "subject" | "before" | "after">;
  /** Which application it was about; null, also when left out, for all or none. */
  applicationOf?(value: T): string | null;
}

/** The order of `operate` for what is about no deployment: permission, parse, its own part, audit. Refusals are audited, too. */
export async function administer<I, T>(ctx: Context, raw: unknown, spec: AdministrationSpec<I, T>): Promise<Result<T>> {
  const askedAt = ctx.runtime.now();
  const factOf = (result: Result<T>): AuditFact => ({
    askedAt,
    action: spec.action,
    application: result.ok ? (spec.applicationOf?.(result.value) ?? null) : textOf(raw, "application"),
    deploymentId: null,
    ...(result.ok ? spec.change?.(result.value) : {}),
    outcome: result.ok ? "done" : result.code === "STORE_UNAVAILABLE" ? "failed" : "refused",
    code: result.ok ? null : result.code,
    message: result.ok ? spec.describe(result.value) : result.message,
    reason: textOf(raw, "reason"),
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
  const denied = findDenial(ctx, raw, spec.permission ?? "tokens");
  if (denied) return denied;
  const parsed = spec.schema.safeParse(raw);
  if (!parsed.success) return refuse("INVALID_INPUT", ...describeIssues(parsed.error, raw));
  try {
    return await spec.run(ctx, parsed.data);
  } catch (error) {
    return refusalOf(error);
  }
}

/** Where the input names no application but an id, the operation itself asks again once it knows which one that is about. */
function findDenial(
  ctx: Context & { identity: Identity },
  raw: unknown,
  permission: Permission,
): Refusal<never> | null {
  const application = textOf(raw, "application");
  const isAnywhere = application === null && (textOf(raw, "grantId") ?? textOf(raw, "freezeId")) !== null;
  if (isAnywhere && canSomewhere(ctx.identity, permission)) return null;
  return findPermissionRefusal(ctx, permission, application);
}

function textOf(raw: unknown, key: "application" | "reason" | "grantId" | "freezeId"): string | null {
  const value = typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>)[key] : null;
  return typeof value === "string" && value !== "" ? value.slice(0, 500) : null;
}
