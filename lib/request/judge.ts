import { z } from "zod";
import { type ApiToken, EVERY_APPLICATION } from "../domain/access/api-token.ts";
import { canSomewhere, type Identity, type Permission } from "../domain/access/role.ts";
import type { Context, OperationRuntime } from "./context.ts";
import { describeIssues, fields } from "./input.ts";
import { findPermissionRefusal, noDeployment } from "./permission.ts";
import { type Refusal, refuse, withStore } from "./refusal.ts";

/** What an operation is about: the asker needs its permission on every application here. */
export interface Scope<R> {
  /** Names, or "all", those of later as well. No name at all counts as all. */
  applications: readonly string[] | "all";
  /** What the input names, as it was loaded to be judged; null where it names no record. */
  record: R;
  /** Which application the audit names instead of the one that it is about. */
  auditAs?: string | null;
  /** What is said instead of a denial, so that nobody learns what exists where they may not look. */
  told?(denied: Refusal<never>): Refusal<never>;
}

/** Says what an operation is about, from its parsed input and the record that this names; a refusal where there is none. */
type FindScope<I, R> = (
  input: I,
  runtime: OperationRuntime,
) => Scope<R> | Refusal<never> | Promise<Scope<R> | Refusal<never>>;

/** How an operation is judged before it runs. */
export interface Judged<I, R> {
  permission: Permission;
  schema: z.ZodType<I>;
  scope: FindScope<I, R>;
}

/** An operation as everything calls it, with what it is judged by, so that tests can go through all there are. */
export type Operation<T> = ((ctx: Context, input: unknown) => Promise<T>) & {
  judged: { action: string; permission: Permission; schema: z.ZodType };
};

/** What is known of a request by the time it is audited; null before it was parsed, or looked up. */
export interface Seen<I, R> {
  /** As the input names it. */
  application: string | null;
  input: I | null;
  scope: Scope<R> | null;
}

/**
 * Parses the input, finds what it is about and asks for the permission there. What it answers with is all that an operation
 * gets, and nobody looks at the raw input again: what was judged is what will be done.
 */
export async function judge<I, R>(
  ctx: Context & { identity: Identity },
  raw: unknown,
  { permission, schema, scope }: Judged<I, R>,
  seen: Seen<I, R>,
): Promise<{ ok: true; input: I; record: R } | Refusal<never>> {
  const parsed = schema.safeParse(raw);
  // Nothing is done with what is not understood; the application that it names only says which refusal it gets.
  const application = parsed.success ? textOf(parsed.data, "application") : namedIn(raw);
  seen.application = application;
  const isNowhere = !canSomewhere(ctx.identity, permission);
  if (isNowhere || application !== null) {
    const denied = findPermissionRefusal(ctx, permission, application);
    if (denied) return denied;
  }
  if (!parsed.success) return refuse("INVALID_INPUT", ...describeIssues(parsed.error, raw));
  const input = parsed.data;
  seen.input = input;
  const found = await scope(input, ctx.runtime);
  if ("ok" in found) return found;
  seen.scope = found;
  return findScopeRefusal(ctx, permission, found) ?? { ok: true, input, record: found.record };
}

/** Why the asker may not do it on all that it is about; null when they may. */
export function findScopeRefusal(
  ctx: Pick<Context, "identity">,
  permission: Permission,
  { applications, told }: Pick<Scope<unknown>, "applications" | "told">,
): Refusal<never> | null {
  const isAll = applications === "all" || applications.length === 0;
  for (const application of isAll ? [null] : applications) {
    const denied = findPermissionRefusal(ctx, permission, application);
    if (denied) return told?.(denied) ?? denied;
  }
  return null;
}

/** The one application that it is about, for the audit; null for several, for all and before it is known. */
export function applicationOf({ scope, application }: Seen<unknown, unknown>): string | null {
  if (!scope) return application;
  if (scope.auditAs !== undefined) return scope.auditAs;
  return scope.applications !== "all" && scope.applications.length === 1 ? (scope.applications[0] ?? null) : null;
}

function namedIn(raw: unknown): string | null {
  const named = z.object({ application: fields.application }).safeParse(raw);
  return named.success ? named.data.application : null;
}

/** A text of the parsed input. */
export function textOf(input: unknown, key: string): string | null {
  const value = typeof input === "object" && input !== null ? (input as Record<string, unknown>)[key] : null;
  return typeof value === "string" && value !== "" ? value : null;
}

/** About the application that the input names; about all where it may be left out and is. */
export function onApplication({ application }: { application: string | null }): Scope<null> {
  return { applications: application === null ? "all" : [application], record: null };
}

/** About every application that a token is for; the audit names none of them, because its words name all. */
export function onTokenOf({ applications }: Pick<ApiToken, "applications">) {
  return { applications: applications.includes(EVERY_APPLICATION) ? ("all" as const) : applications, auditAs: null };
}

/** About everything there is. */
export function onAll(): Scope<null> {
  return { applications: "all", record: null };
}

/** About the deployment that the input names; one that the asker may not see does not exist for them. */
export async function onDeployment({ deploymentId: id }: { deploymentId: string }, { store }: OperationRuntime) {
  const record = await withStore(() => store.findDeployment(id));
  if (!record) return noDeployment(id);
  return {
    applications: [record.application],
    record,
    told: (denied: Refusal<never>) => (denied.code === "NOT_FOUND" ? noDeployment(id) : denied),
  };
}
