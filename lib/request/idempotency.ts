import { createHash, randomUUID } from "node:crypto";
import type { Identity } from "../domain/access/role.ts";
import type { Verb } from "../domain/verb/verb.ts";
import type { RequestKey } from "../store/store.ts";
import type { Context } from "./context.ts";
import type { Operated } from "./operate.ts";
import { refuse, withStore } from "./refusal.ts";

/** How long a repeat waits for the first request with its key to be answered. */
const PATIENCE_MS = 2_000;
const POLL_MS = 25;
const CLAIM_WITHIN_MS = 3_000;

interface Keyed {
  idempotencyKey?: string | null;
  application?: string;
}

/** Id for a deployment that a request makes: the same for the same key of one asker, verb and application. */
export function newIdFor(ctx: Context & { identity: Identity }, verb: Verb, input: object): string {
  const { idempotencyKey: key, ...rest } = input as Keyed;
  if (!key) return `d-${randomUUID().replaceAll("-", "").slice(0, 20)}`;
  return `d-${sha256(`${scopeOf(ctx, verb, rest)} ${key}`).slice(0, 20)}`;
}

/**
 * Runs once for each key of one asker, verb and application; a repeat gets the first one's deployment, even after a crash:
 * the id of a deployment made under a key follows from it, and a change of one is saved with its key. Without a key, runs.
 */
export async function withIdempotency<E>(
  ctx: Context & { identity: Identity },
  verb: Verb,
  input: object,
  run: (newId: string, request: RequestKey | null) => Promise<Operated<E>>,
): Promise<Operated<E>> {
  const { idempotencyKey: key, ...rest } = input as Keyed;
  const newId = newIdFor(ctx, verb, input);
  if (!key) return run(newId, null);
  const { store, now } = ctx.runtime;
  const scope = scopeOf(ctx, verb, rest);
  const requestHash = sha256(JSON.stringify(rest));
  const startedAt = now();
  for (;;) {
    // Without patience a key could be claimed after its asker was told that the database is away; a repeat then waits for it.
    const claimed = await withStore(() => store.claimIdempotencyKey(scope, key, requestHash, now()), CLAIM_WITHIN_MS);
    if (claimed === null) break;
    if (claimed.requestHash !== requestHash)
      return refuse("INVALID_INPUT", "This Idempotency-Key was used for another request", "Use a new key");
    const found = await withStore(() => store.findDeployment(claimed.deploymentId ?? newId));
    if (found) return { ok: true, value: found };
    // Still being answered; or its process died before it made anything, and then there is nothing to repeat.
    if (now() - startedAt > PATIENCE_MS) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  let done: Operated<E> | null = null;
  try {
    done = await run(newId, { scope, key });
    return done;
  } finally {
    // The answer stands whether or not the key is kept: a repeat finds the deployment by its id.
    const kept = done?.ok
      ? store.completeIdempotencyKey(scope, key, done.value.id)
      : store.releaseIdempotencyKey(scope, key);
    await kept.catch(() => undefined);
  }
}

function scopeOf({ identity }: { identity: Identity }, verb: Verb, { application = "" }: Keyed): string {
  return `${identity.via}:${identity.id}:${verb}:${application}`;
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
