import type { z } from "zod";
import { canSomewhere, type Identity } from "../domain/access/role.ts";
import { sideWords, standWords } from "../domain/audit/audit-words.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Verb } from "../domain/verb/verb.ts";
import type { RequestKey } from "../store/store.ts";
import { admit } from "./admit.ts";
import type { Context } from "./context.ts";
import { newIdFor, withIdempotency } from "./idempotency.ts";
import { describeIssues } from "./input.ts";
import { findPermissionRefusal, noDeployment } from "./permission.ts";
import { isRecordChanged, isStoreAway, type Refusal, refusalOf, refuse, withStore } from "./refusal.ts";
import { type AuditFact, keepAudit } from "./write-audit.ts";

/** Somebody else may be faster again and again; not for ever. */
const MOST_DECISIONS = 8;

/** What an operation answers: the deployment it started or changed, or why not. */
export type Operated<E = never> =
  /** `isLate` when it was done without the database: its audit row waits with its record. */
  { ok: true; value: Deployment; isLate?: boolean } | Refusal<E>;

/** What an operation's own part gets once it may run. */
export interface Operating<I> {
  ctx: Context & { identity: Identity };
  input: I;
  /** Id for a deployment that this request inserts; the same for a repeat with the same key. */
  newId: string;
  /** To be answered with the change that this request makes of a deployment; null when it was asked without a key. */
  request: RequestKey | null;
}

/** One operation: the verb's permission, its input and what it does. */
export interface OperationSpec<I, E> {
  verb: Verb;
  schema: z.ZodType<I>;
  run(operating: Operating<I>): Promise<Operated<E>>;
  /** What can be done without the database; nothing when left out. */
  runWithoutStore?(operating: Operating<I>): Promise<Operated<E>>;
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
  const askedAt = ctx.runtime.now();
  const admitted = await admit(ctx, (refusal) => ({ ...factOf(raw, spec.verb, refusal), askedAt }));
  if (!admitted.ok) return admitted;
  const seen: Seen = { before: null };
  const result = await attempt({ ...ctx, identity: admitted.value }, raw, spec, seen);
  if (!(result.ok && result.isLate)) await keepAudit(ctx, { ...factOf(raw, spec.verb, result, seen), askedAt });
  const overriding = result.ok && hasOverride(raw) ? result.value.override : undefined;
  if (result.ok && overriding)
    await keepAudit(ctx, {
      ...factOf(raw, spec.verb, result, seen),
      askedAt,
      action: "deployment.override",
      message: `${spec.verb} to ${overriding.to} against: ${overriding.blockers.map(({ message }) => message).join("; ")}`,
      reason: overriding.reason,
    });
  return result;
}

/** What was found on the way, for the audit. */
interface Seen {
  /** The deployment that is to be changed, as it was; null where none was named or looked at. */
  before: Deployment | null;
}

async function attempt<I extends object, E>(
  ctx: Context & { identity: Identity },
  raw: unknown,
  spec: OperationSpec<I, E>,
  seen: Seen,
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
    const id = namedIn(input, "deploymentId");
    if (id !== null) {
      const deployment = await withStore(() => ctx.runtime.store.findDeployment(id));
      // Before it is decided, so that the audit knows the application of what was refused, too.
      seen.before = deployment;
      const deniedThere = findDeploymentRefusal(ctx, spec.verb, id, deployment);
      if (deniedThere) return deniedThere;
    }
    const decide = (newId: string, request: RequestKey | null) => () => spec.run({ ctx, input, newId, request });
    const under = application ?? seen.before?.application ?? null;
    return await withIdempotency(ctx, spec.verb, input, (newId, request) =>
      underLease(ctx, under, () => decideAgain(decide(newId, request))),
    );
  } catch (error) {
    if (isStoreAway(error) && spec.runWithoutStore) return withoutStore(ctx, input, spec, spec.runWithoutStore);
    return refusalOf(error);
  }
}

/** Decides on the newest record: as often as that has changed before what was decided could be saved. */
async function decideAgain<T>(decide: () => Promise<T>): Promise<T> {
  for (let left = MOST_DECISIONS - 1; ; left -= 1)
    try {
      return await decide();
    } catch (error) {
      if (left === 0 || !isRecordChanged(error)) throw error;
    }
}

/** Under the application's lease, where it is to be had: then the engine need not look at AWS again to know what is decided here. */
function underLease<T>({ runtime }: Context, application: string | null, work: () => Promise<T>): Promise<T> {
  const known = application === null ? null : runtime.observer.findApplication(application);
  return known ? runtime.engine.underLease(known.name, work) : work();
}

async function withoutStore<I extends object, E>(
  ctx: Context & { identity: Identity },
  input: I,
  { verb }: OperationSpec<I, E>,
  run: (operating: Operating<I>) => Promise<Operated<E>>,
): Promise<Operated<E>> {
  try {
    return await run({ ctx, input, newId: newIdFor(ctx, verb, input), request: null });
  } catch (error) {
    return refusalOf(error);
  }
}

/** What is about a deployment needs the permission on its application; one that the asker may not see does not exist for them. */
function findDeploymentRefusal(
  ctx: Context,
  verb: Verb,
  id: string,
  deployment: Deployment | null,
): Refusal<never> | null {
  if (!deployment) return noDeployment(id);
  const denied = findPermissionRefusal(ctx, verb, deployment.application);
  return denied?.code === "NOT_FOUND" ? noDeployment(id) : denied;
}

function hasOverride(raw: unknown): boolean {
  return typeof raw === "object" && raw !== null && "override" in raw && raw.override != null;
}

function namedIn(input: unknown, key: "application" | "deploymentId"): string | null {
  const value = typeof input === "object" && input !== null ? (input as Record<string, unknown>)[key] : null;
  return typeof value === "string" ? value : null;
}

function factOf(raw: unknown, verb: Verb, result: Operated<unknown>, seen: Seen = { before: null }): AuditFact {
  const fields = typeof raw === "object" && raw !== null ? (raw as Record<string, unknown>) : {};
  const text = (key: string, most: number) =>
    typeof fields[key] === "string" ? (fields[key] as string).slice(0, most) : null;
  const deployment = result.ok ? result.value : null;
  const isAwsOrStore = !result.ok && /^(AWS_|STORE_)/.test(result.code);
  const receipt = text("receipt", 64);
  const awsRequestId = result.ok ? null : (result.aws?.requestId ?? null);
  return {
    action: `deployment.${verb}`,
    application: deployment?.application ?? seen.before?.application ?? text("application", 64),
    deploymentId: deployment?.id ?? text("deploymentId", 64),
    outcome: result.ok ? "done" : isAwsOrStore ? "failed" : "refused",
    code: result.ok ? null : result.code,
    message: deployment ? outcomeOf(verb, deployment) : result.ok ? "" : result.message,
    reason: text("reason", 500) ?? text("comment", 500),
    ...(receipt === null ? {} : { receipt }),
    ...(awsRequestId === null ? {} : { awsRequestId }),
    ...changeOf(seen.before, deployment),
  };
}

/** From what to what: a deployment that is changed tells where it stood, one that begins tells its sides. */
function changeOf(before: Deployment | null, after: Deployment | null): Pick<AuditFact, "before" | "after"> {
  if (before) return { before: standWords(before), ...(after ? { after: standWords(after) } : {}) };
  if (!after) return {};
  return { before: sideWords(after.from, after.fromRevision), after: sideWords(after.to, after.revision) };
}

function outcomeOf(verb: Verb, deployment: Deployment): string {
  return `${verb}: ${deployment.kind} of ${deployment.application} from ${deployment.from} to ${deployment.to} (${deployment.status})`;
}
