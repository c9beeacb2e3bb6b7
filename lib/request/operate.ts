import type { Identity } from "../domain/access/role.ts";
import { changeMembers, sideWords, standSaid } from "../domain/audit/audit-words.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { lineMembers, type Told } from "../domain/sentence/told.ts";
import type { Verb } from "../domain/verb/verb.ts";
import type { RequestKey } from "../store/store.ts";
import { bindDeployment, traceOf } from "../trace.ts";
import { admit } from "./admit.ts";
import type { Context } from "./context.ts";
import { lateIdFor, withIdempotency } from "./idempotency.ts";
import { applicationOf, type Judged, judge, type Operation, type Seen, textOf } from "./judge.ts";
import type { Operated } from "./operated.ts";
import { isRecordChanged, isStoreAway, refusalOf } from "./refusal.ts";
import { type AuditFact, keepAudit } from "./write-audit.ts";

/** Somebody else may be faster again and again; not for ever. */
const MOST_DECISIONS = 8;

/** What an operation's own part gets once it may run. */
export interface Operating<I> {
  ctx: Context & { identity: Identity };
  input: I;
  /** Id for a deployment that this request inserts; the same for a repeat with the same key. */
  newId: string;
  /** To be answered with the change that this request makes of a deployment; null when it was asked without a key. */
  request: RequestKey | null;
}

/** One operation: the verb, which is its permission, what else it is judged by and what it does. */
export interface OperationSpec<I, E> extends Omit<Judged<I, Deployment | null>, "permission"> {
  verb: Verb;
  run(operating: Operating<I>): Promise<Operated<E>>;
  /** What can be done without the database; nothing when left out. */
  runWithoutStore?(operating: Operating<I>): Promise<Operated<E>>;
}

/**
 * The order of every operation: parse, permission, then its own part (load, blocker, journal, engine), then the audit.
 * Refused and failed attempts are audited, too. Nothing expected is thrown.
 */
export function defineOperation<I extends object, E = never>(spec: OperationSpec<I, E>): Operation<Operated<E>> {
  const { verb, schema } = spec;
  const judged = { action: `deployment.${verb}`, permission: verb, schema };
  return Object.assign((ctx: Context, raw: unknown) => traced(ctx, raw, { ...spec, permission: verb }), { judged });
}

/** The operation as the root of its click's trace: AWS's calls and the engine's steps for its deployment are parts of it. */
function traced<I extends object, E>(
  ctx: Context,
  raw: unknown,
  spec: OperationSpec<I, E> & Judged<I, Deployment | null>,
): Promise<Operated<E>> {
  return traceOf(`switchyard ${spec.verb}`, ctx.traceparent ?? null, async (notes) => {
    const result = await operate(ctx, raw, spec);
    notes.attributes["switchyard.verb"] = spec.verb;
    if (result.ok) {
      bindDeployment(result.value.id);
      notes.attributes["switchyard.application"] = result.value.application;
      notes.attributes["switchyard.deployment.id"] = result.value.id;
    } else {
      notes.attributes["switchyard.refusal"] = result.code;
      notes.error = result.code;
    }
    return result;
  });
}

type Judging<I> = Seen<I, Deployment | null>;

async function operate<I extends object, E>(
  ctx: Context,
  raw: unknown,
  spec: OperationSpec<I, E> & Judged<I, Deployment | null>,
): Promise<Operated<E>> {
  const askedAt = ctx.runtime.now();
  const seen: Judging<I> = { application: null, input: null, scope: null };
  const admitted = await admit(ctx, (refusal) => ({ ...factOf(spec.verb, refusal, seen), askedAt }));
  if (!admitted.ok) return admitted;
  const result = await attempt({ ...ctx, identity: admitted.value }, raw, spec, seen);
  if (!(result.ok && result.isLate)) await keepAudit(ctx, { ...factOf(spec.verb, result, seen), askedAt });
  const overriding = result.ok && hasOverride(seen.input) ? result.value.override : undefined;
  if (result.ok && overriding)
    await keepAudit(ctx, {
      ...factOf(spec.verb, result, seen),
      askedAt,
      action: "deployment.override",
      ...lineMembers(againstSaid(spec.verb, overriding)),
      reason: overriding.reason,
    });
  return result;
}

async function attempt<I extends object, E>(
  ctx: Context & { identity: Identity },
  raw: unknown,
  spec: OperationSpec<I, E> & Judged<I, Deployment | null>,
  seen: Judging<I>,
): Promise<Operated<E>> {
  let judged: Awaited<ReturnType<typeof judge<I, Deployment | null>>>;
  try {
    judged = await judge(ctx, raw, spec, seen);
  } catch (error) {
    return refusalOf(error);
  }
  if (!judged.ok) return judged;
  const { input } = judged;
  try {
    const decide = (newId: string, request: RequestKey | null) => () => spec.run({ ctx, input, newId, request });
    return await withIdempotency(ctx, spec.verb, input, (newId, request) =>
      underLease(ctx, applicationOf(seen), () => decideAgain(decide(newId, request))),
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
    return await run({ ctx, input, newId: lateIdFor(ctx, verb, input), request: null });
  } catch (error) {
    return refusalOf(error);
  }
}

function hasOverride(input: object | null): boolean {
  return input !== null && "override" in input && input.override != null;
}

function factOf(verb: Verb, result: Operated<unknown>, seen: Judging<object>): AuditFact {
  const deployment = result.ok ? result.value : null;
  const before = seen.scope?.record ?? null;
  const isAwsOrStore = !result.ok && /^(AWS_|STORE_)/.test(result.code);
  const receipt = textOf(seen.input, "receipt");
  const awsRequestId = result.ok ? null : (result.aws?.requestId ?? null);
  return {
    action: `deployment.${verb}`,
    application: deployment?.application ?? applicationOf(seen),
    deploymentId: deployment?.id ?? textOf(seen.input, "deploymentId"),
    outcome: result.ok ? "done" : isAwsOrStore ? "failed" : "refused",
    code: result.ok ? null : result.code,
    ...lineMembers(deployment ? outcomeOf(verb, deployment) : result.ok ? "" : (result.said ?? result.message)),
    reason: textOf(seen.input, "reason") ?? textOf(seen.input, "comment"),
    ...(receipt === null ? {} : { receipt }),
    ...(awsRequestId === null ? {} : { awsRequestId }),
    ...changeOf(before, deployment),
  };
}

/** From what to what: a deployment that is changed tells where it stood, one that begins tells its sides. */
function changeOf(before: Deployment | null, after: Deployment | null): ReturnType<typeof changeMembers> {
  if (before) return changeMembers(standSaid(before), after && standSaid(after));
  if (!after) return {};
  return changeMembers(sideWords(after.from, after.fromRevision), sideWords(after.to, after.revision));
}

function outcomeOf(verb: Verb, { kind, application, from, to, status }: Deployment): Sentence {
  return say("auditRow.asked", { verb, kind, application, from, to, status });
}

function againstSaid(verb: Verb, { to, blockers }: NonNullable<Deployment["override"]>): Sentence {
  const each = blockers.map(({ message, said }) => said ?? message);
  const all = each.reduce<Told>((first, second) => (first === "" ? second : say("told.also", { first, second })), "");
  return say("auditRow.against", { verb, to, blockers: all });
}
