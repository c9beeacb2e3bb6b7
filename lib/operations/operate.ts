import type { z } from "zod";
import type { Deployment } from "../domain/deployment.ts";
import { can, canSomewhere, type Identity } from "../domain/role.ts";
import type { Verb } from "../domain/snapshot.ts";
import { log } from "../log.ts";
import type { Context } from "./context.ts";
import { withIdempotency } from "./idempotency.ts";
import { describeIssues } from "./input.ts";
import { findPermissionRefusal, noDeployment } from "./permission.ts";
import { findRateRefusal } from "./rate-limit.ts";
import { type Refusal, refusalOf, refuse, withStore } from "./refusal.ts";
import { writeAudit } from "./write-audit.ts";

/** What an operation answers: the deployment it started or changed, or why not. */
export type Operated<E = never> = { ok: true; value: Deployment } | Refusal<E>;

/** What an operation's own part gets once it may run. */
export interface Operating<I> {
  ctx: Context & { identity: Identity };
  input: I;
  /** Id for a deployment that this request inserts; the same for a repeat with the same key. */
  newId: string;
}

/** One operation: the verb's permission, its input and what it does. */
export interface OperationSpec<I, E> {
  verb: Verb;
  schema: z.ZodType<I>;
  run(operating: Operating<I>): Promise<Operated<E>>;
}

/**
 * The order of every operation: permission, parse, then its own part (load, blocker, journal, engine), then the audit.
 * Refused and failed attempts are audited, too. Nothing expected is thrown.
 */
export async function operate<I extends object, E>(
  ctx: Context,
  raw: unknown,
  spec: OperationSpec<I, E>,
): Promise<Operated<E>> {
  const { identity } = ctx;
  if (!identity) return findPermissionRefusal(ctx, spec.verb) ?? refuse("UNAUTHENTICATED", "Nobody is signed in");
  // Before the audit, so that nobody can fill it.
  const tooMany = findRateRefusal(ctx.runtime, identity);
  if (tooMany) return tooMany;
  const result = await attempt({ ...ctx, identity }, raw, spec);
  await audit(ctx, raw, spec.verb, result);
  return result;
}

async function attempt<I extends object, E>(
  ctx: Context & { identity: Identity },
  raw: unknown,
  spec: OperationSpec<I, E>,
): Promise<Operated<E>> {
  const application = namedIn(raw, "application");
  // Whoever may do it on one application at least is asked again once it is known which one this is about.
  const isOpen = application === null && canSomewhere(ctx.identity, spec.verb);
  const denied = isOpen ? null : findPermissionRefusal(ctx, spec.verb, application);
  if (denied) return denied;
  const parsed = spec.schema.safeParse(raw);
  if (!parsed.success) return refuse("INVALID_INPUT", ...describeIssues(parsed.error, raw));
  const input = parsed.data;
  try {
    const deniedThere = await findDeploymentRefusal(ctx, spec.verb, namedIn(input, "deploymentId"));
    if (deniedThere) return deniedThere;
    return await withIdempotency(ctx, spec.verb, input, (newId) => spec.run({ ctx, input, newId }));
  } catch (error) {
    return refusalOf(error);
  }
}

/** What is about a deployment needs the permission on its application; one that the asker may not see does not exist for them. */
async function findDeploymentRefusal(ctx: Context, verb: Verb, id: string | null): Promise<Refusal<never> | null> {
  const { identity } = ctx;
  const isFreeOfBounds = can(identity, verb, null) && (identity?.scope?.applications ?? null) === null;
  if (id === null || isFreeOfBounds) return null;
  const deployment = await withStore(() => ctx.runtime.store.findDeployment(id));
  if (!deployment) return noDeployment(id);
  const denied = findPermissionRefusal(ctx, verb, deployment.application);
  return denied?.code === "NOT_FOUND" ? noDeployment(id) : denied;
}

function namedIn(input: unknown, key: "application" | "deploymentId"): string | null {
  const value = typeof input === "object" && input !== null ? (input as Record<string, unknown>)[key] : null;
  return typeof value === "string" ? value : null;
}

async function audit(ctx: Context, raw: unknown, verb: Verb, result: Operated<unknown>): Promise<void> {
  const fields = typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>) : {};
  const text = (key: string, most: number) =>
    typeof fields[key] === "string" ? (fields[key] as string).slice(0, most) : null;
  const deployment = result.ok ? result.value : null;
  const isAwsOrStore = !result.ok && /^(AWS_|STORE_)/.test(result.code);
  const receipt = text("receipt", 64);
  const awsRequestId = result.ok ? null : (result.aws?.requestId ?? null);
  try {
    await writeAudit(ctx, {
      action: `deployment.${verb}`,
      application: deployment?.application ?? text("application", 64),
      deploymentId: deployment?.id ?? text("deploymentId", 64),
      outcome: result.ok ? "done" : isAwsOrStore ? "failed" : "refused",
      code: result.ok ? null : result.code,
      message: deployment ? outcomeOf(verb, deployment) : result.ok ? "" : result.message,
      reason: text("reason", 500) ?? text("comment", 500),
      ...(receipt === null ? {} : { receipt }),
      ...(awsRequestId === null ? {} : { awsRequestId }),
    });
  } catch (error) {
    // The action has been taken or refused by now: a lost row must not tell its asker the contrary.
    log.error("An audit row could not be written", { verb, code: result.ok ? null : result.code, error });
  }
}

function outcomeOf(verb: Verb, deployment: Deployment): string {
  return `${verb}: ${deployment.kind} of ${deployment.application} from ${deployment.from} to ${deployment.to} (${deployment.status})`;
}
