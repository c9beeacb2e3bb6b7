import { createHash, randomUUID } from "node:crypto";
import type { Identity } from "../domain/access/role.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Verb } from "../domain/verb/verb.ts";
import { KEPT_MS } from "../store/idempotency-keys.ts";
import type { RequestKey, Store } from "../store/store.ts";
import type { Context } from "./context.ts";
import type { Operated } from "./operated.ts";
import { refuse, withStore } from "./refusal.ts";

/** How long a repeat waits for the first request with its key to be answered. */
const PATIENCE_MS = 2_000;
const POLL_MS = 25;
const CLAIM_WITHIN_MS = 3_000;

interface Keyed {
  idempotencyKey?: string | null;
  application?: string;
}

/**
 * Id for a deployment that a request makes while the database is away and no claim can be made: the same for a day for the same key
 * of one asker, verb and application.
 */
export function lateIdFor(ctx: Context & { identity: Identity }, verb: Verb, input: object): string {
  const { idempotencyKey: key, ...rest } = input as Keyed;
  return key ? lateId(scopeOf(ctx, verb, rest), key, ctx.runtime.now()) : randomId();
}

/**
 * Runs once for each claim of a key by one asker for one verb and application; a repeat gets the first one's deployment, even after
 * a crash: the id of a deployment follows from the claim it was made under, and a change of one is saved with its key. A key that
 * was forgotten, after a day, is a new claim and makes another id. Without a key, runs.
 */
export async function withIdempotency<E>(
  ctx: Context & { identity: Identity },
  verb: Verb,
  input: object,
  run: (newId: string, request: RequestKey | null) => Promise<Operated<E>>,
): Promise<Operated<E>> {
  const { idempotencyKey: key, ...rest } = input as Keyed;
  if (!key) return run(randomId(), null);
  const { store, now } = ctx.runtime;
  const scope = scopeOf(ctx, verb, rest);
  const requestHash = sha256(JSON.stringify(rest));
  const startedAt = now();
  let claimedAt = startedAt;
  for (;;) {
    const at = now();
    // Without patience a key could be claimed after its asker was told that the database is away; a repeat then waits for it.
    const claimed = await withStore(() => store.claimIdempotencyKey(scope, key, requestHash, at), CLAIM_WITHIN_MS);
    claimedAt = claimed?.claimedAt ?? at;
    if (claimed === null) break;
    if (claimed.requestHash !== requestHash)
      return refuse("INVALID_INPUT", say("refusal.keyUsed"), say("refusal.newKey"));
    const found = await withStore(() => store.findDeployment(claimed.deploymentId ?? claimId(scope, key, claimedAt)));
    if (found) return { ok: true, value: found };
    // Still being answered; or its process died before it made anything, and then there is nothing to repeat.
    if (now() - startedAt > PATIENCE_MS) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  let done: Operated<E> | null = null;
  try {
    const late = verb === "rollback" ? await findLate(ctx, scope, key) : null;
    const id = claimId(scope, key, claimedAt);
    done = late ? { ok: true, value: late } : await orMadeMeanwhile(store, id, () => run(id, { scope, key }));
    return done;
  } finally {
    // The answer stands whether or not the key is kept: a repeat finds the deployment by its id.
    const kept = done?.ok
      ? store.completeIdempotencyKey(scope, key, done.value.id)
      : store.releaseIdempotencyKey(scope, key);
    await kept.catch(() => undefined);
  }
}

/** What this request comes to, or the deployment that a slow request with the same key has made in the meantime. */
async function orMadeMeanwhile<E>(
  store: Store,
  id: string,
  run: () => Promise<Operated<E>>,
): Promise<Operated<E> | { ok: true; value: Deployment }> {
  const made = () => store.findDeployment(id).catch(() => null);
  try {
    const done = await run();
    const found = done.ok ? null : await made();
    return found ? { ok: true, value: found } : done;
  } catch (error) {
    const found = await made();
    if (!found) throw error;
    return { ok: true, value: found };
  }
}

/** Verbs that take a key and make a deployment of their own. */
const KEYED: readonly Verb[] = ["deploy", "switch", "rollback"];

/** The deployment that this asker's request with the key came to, on this application; null when there is none, or not yet. */
export async function findRequested(
  ctx: Context & { identity: Identity },
  application: string,
  key: string,
): Promise<Deployment | null> {
  const { store } = ctx.runtime;
  const scopes = KEYED.map((verb) => scopeOf(ctx, verb, { application }));
  const claim = await withStore(() => store.findIdempotencyKey(scopes, key));
  const id = claim && (claim.deploymentId ?? claimId(claim.scope, key, claim.claimedAt));
  const found = id === null ? null : await withStore(() => store.findDeployment(id));
  return found ?? (await findLate(ctx, scopeOf(ctx, "rollback", { application }), key));
}

/** What the same key came to while the database was away, within the day that it counts. */
async function findLate({ runtime }: Context, scope: string, key: string): Promise<Deployment | null> {
  const { store, now } = runtime;
  const since = now() - KEPT_MS;
  const ids = [lateId(scope, key, now()), lateId(scope, key, since)];
  const found = await withStore(() => Promise.all(ids.map((id) => store.findDeployment(id))));
  return found.find((deployment) => deployment !== null && deployment.startedAt > since) ?? null;
}

function randomId(): string {
  return `d-${randomUUID().replaceAll("-", "").slice(0, 20)}`;
}

function claimId(scope: string, key: string, claimedAt: number): string {
  return `d-${sha256(`${scope} ${key} ${claimedAt}`).slice(0, 20)}`;
}

function lateId(scope: string, key: string, at: number): string {
  return `d-${sha256(`${scope} ${key} late ${Math.floor(at / KEPT_MS)}`).slice(0, 20)}`;
}

function scopeOf({ identity }: { identity: Identity }, verb: Verb, { application = "" }: Keyed): string {
  return `${identity.via}:${identity.id}:${verb}:${application}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
