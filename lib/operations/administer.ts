import type { z } from "zod";
import type { Result } from "../domain/blocker.ts";
import type { Identity } from "../domain/role.ts";
import { log } from "../log.ts";
import type { Context } from "./context.ts";
import { describeIssues } from "./input.ts";
import { findPermissionRefusal } from "./permission.ts";
import { findRateRefusal } from "./rate-limit.ts";
import { refusalOf, refuse } from "./refusal.ts";
import { writeAudit } from "./write-audit.ts";

/** One operation on API tokens: how the audit names it, its input and what it does. */
export interface AdministrationSpec<I, T> {
  action: `token.${string}`;
  schema: z.ZodType<I>;
  run(ctx: Context & { identity: Identity }, input: I): Promise<Result<T>>;
  /** What the audit says when it is done; never a secret. */
  describe(value: T): string;
}

/** The order of `operate` for what is about no deployment: permission, parse, its own part, audit. Refusals are audited, too. */
export async function administer<I, T>(ctx: Context, raw: unknown, spec: AdministrationSpec<I, T>): Promise<Result<T>> {
  const { identity } = ctx;
  if (!identity) return findPermissionRefusal(ctx, "tokens") ?? refuse("UNAUTHENTICATED", "Nobody is signed in");
  // Before the audit, so that nobody can fill it.
  const tooMany = findRateRefusal(ctx.runtime, identity);
  if (tooMany) return tooMany;
  const result = await attempt({ ...ctx, identity }, raw, spec);
  try {
    await writeAudit(ctx, {
      action: spec.action,
      application: null,
      deploymentId: null,
      outcome: result.ok ? "done" : result.code === "STORE_UNAVAILABLE" ? "failed" : "refused",
      code: result.ok ? null : result.code,
      message: result.ok ? spec.describe(result.value) : result.message,
      reason: null,
    });
  } catch (error) {
    log.error("An audit row could not be written", { action: spec.action, error });
  }
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
