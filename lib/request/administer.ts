import type { Identity, Permission } from "../domain/access/role.ts";
import { lineMembers, type Told } from "../domain/sentence/told.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { admit } from "./admit.ts";
import type { Context } from "./context.ts";
import { applicationOf, type Judged, judge, type Operation, type Seen, textOf } from "./judge.ts";
import { refusalOf } from "./refusal.ts";
import { type AuditFact, keepAudit } from "./write-audit.ts";

/** One operation that changes no deployment: how the audit names it, what it is judged by and what it does. */
export interface AdministrationSpec<I, T, R> extends Omit<Judged<I, R>, "permission"> {
  action: `${"token" | "grant" | "listener" | "session" | "delivery" | "line" | "drift" | "rollback" | "readiness" | "settings"}.${string}`;
  /** "tokens" when left out. */
  permission?: Permission;
  /** `record` is the one that was judged. */
  run(ctx: Context & { identity: Identity }, input: I, record: R): Promise<Result<T>>;
  /** What the audit says when it is done; never a secret. */
  describe(value: T): Told;
  /** What it was about, and from what to what. */
  change?(value: T): Pick<AuditFact, "subject" | "before" | "beforeSaid" | "after" | "afterSaid">;
}

/** The order of `defineOperation` for what changes no deployment: parse, permission, its own part, audit. Refusals are audited, too. */
export function defineAdministration<I, T, R>(spec: AdministrationSpec<I, T, R>): Operation<Result<T>> {
  const { action, permission = "tokens", schema } = spec;
  return Object.assign((ctx: Context, raw: unknown) => administer(ctx, raw, { ...spec, permission }), {
    judged: { action, permission, schema },
  });
}

async function administer<I, T, R>(
  ctx: Context,
  raw: unknown,
  spec: AdministrationSpec<I, T, R> & Judged<I, R>,
): Promise<Result<T>> {
  const askedAt = ctx.runtime.now();
  const seen: Seen<I, R> = { application: null, input: null, scope: null };
  const factOf = (result: Result<T>): AuditFact => ({
    askedAt,
    action: spec.action,
    application: applicationOf(seen),
    deploymentId: null,
    ...(result.ok ? spec.change?.(result.value) : {}),
    outcome: result.ok ? "done" : result.code === "STORE_UNAVAILABLE" ? "failed" : "refused",
    code: result.ok ? null : result.code,
    ...lineMembers(result.ok ? spec.describe(result.value) : (result.said ?? result.message)),
    reason: textOf(seen.input, "reason"),
  });
  const admitted = await admit(ctx, factOf);
  if (!admitted.ok) return admitted;
  const result = await attempt({ ...ctx, identity: admitted.value }, raw, spec, seen);
  await keepAudit(ctx, factOf(result));
  return result;
}

async function attempt<I, T, R>(
  ctx: Context & { identity: Identity },
  raw: unknown,
  spec: AdministrationSpec<I, T, R> & Judged<I, R>,
  seen: Seen<I, R>,
): Promise<Result<T>> {
  try {
    const judged = await judge(ctx, raw, spec, seen);
    return judged.ok ? await spec.run(ctx, judged.input, judged.record) : judged;
  } catch (error) {
    return refusalOf(error);
  }
}
