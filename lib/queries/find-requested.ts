import type { Deployment } from "../domain/deployment/deployment.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findRequested as findByKey } from "../request/idempotency.ts";
import { fields } from "../request/input.ts";
import { findApplication } from "../request/load-facts.ts";
import { refuse } from "../request/refusal.ts";
import type { Page } from "../store/store.ts";

/**
 * What the asker's own request with this Idempotency-Key came to, as a page of one deployment or of none: for whoever sent
 * something and never got the answer. Claims nothing.
 */
export function findRequested(ctx: Context, name: string, key: string): Promise<Result<Page<Deployment>>> {
  return ask(ctx, name, async () => {
    const found = findApplication(ctx.runtime, name);
    if (!found.ok && found.code === "NOT_FOUND") return found;
    const wanted = fields.idempotencyKey.safeParse(key);
    if (!wanted.success || !wanted.data || !ctx.identity)
      return refuse("INVALID_INPUT", say("refusal.keyUnknown"), say("refusal.giveKey"));
    const deployment = await findByKey({ ...ctx, identity: ctx.identity }, name, wanted.data);
    return { ok: true, value: { items: deployment ? [deployment] : [], nextCursor: null } };
  });
}
