import { createHash, randomUUID } from "node:crypto";
import type { Identity } from "../domain/role.ts";
import type { Verb } from "../domain/snapshot.ts";
import type { Context } from "./context.ts";
import type { Operated } from "./operate.ts";
import { refuse, withStore } from "./refusal.ts";

/** How long a repeat waits for the first request with its key to be answered. */
const PATIENCE_MS = 2_000;
const POLL_MS = 25;

/**
 * Runs once for each key of one asker, verb and application; a repeat gets the first one's deployment. The id of a
 * deployment made under a key follows from it, so that a repeat finds it even after a crash. Without a key, runs.
 */
export async function withIdempotency<E>(
  ctx: Context & { identity: Identity },
  verb: Verb,
  input: object,
  run: (newId: string) => Promise<Operated<E>>,
): Promise<Operated<E>> {
  const { idempotencyKey: key, ...rest } = input as { idempotencyKey?: string | null; application?: string };
  if (!key) return run(`d-${randomUUID().replaceAll("-", "").slice(0, 20)}`);
  const { store, now } = ctx.runtime;
  const scope = `${ctx.identity.via}:${ctx.identity.id}:${verb}:${rest.application ?? ""}`;
  const newId = `d-${sha256(`${scope} ${key}`).slice(0, 20)}`;
  const requestHash = sha256(JSON.stringify(rest));
  const startedAt = now();
  for (;;) {
    const claimed = await withStore(() => store.claimIdempotencyKey(scope, key, requestHash, now()));
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
    done = await run(newId);
    return done;
  } finally {
    // The answer stands whether or not the key is kept: a repeat finds the deployment by its id.
    const kept = done?.ok
      ? store.completeIdempotencyKey(scope, key, done.value.id)
      : store.releaseIdempotencyKey(scope, key);
    await kept.catch(() => undefined);
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
