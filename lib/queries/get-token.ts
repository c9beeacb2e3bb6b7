import type { ApiToken } from "../domain/access/api-token.ts";
import { canSomewhere } from "../domain/access/role.ts";
import { say } from "../domain/sentence/sentence.ts";
import { cutText } from "../domain/text/cut-text.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findScopeRefusal, onTokenOf } from "../request/judge.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { refuse, withStore } from "../request/refusal.ts";

/** One token that the asker may make and revoke, revoked ones too. Nothing in it opens anything. */
export function getToken(ctx: Context, id: string): Promise<Result<ApiToken>> {
  return ask(ctx, null, async () => {
    const denied = canSomewhere(ctx.identity, "tokens") ? null : findPermissionRefusal(ctx, "tokens");
    if (denied) return denied;
    const token = await withStore(() => ctx.runtime.store.findApiToken({ id }));
    const isSeen = token && !findScopeRefusal(ctx, "tokens", onTokenOf(token));
    return isSeen ? { ok: true, value: token } : refuse("NOT_FOUND", say("refusal.noToken", { id: cutText(id, 80) }));
  });
}
