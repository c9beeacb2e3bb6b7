import type { ApiToken } from "../domain/access/api-token.ts";
import { canSomewhere } from "../domain/access/role.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findScopeRefusal, onTokenOf } from "../request/judge.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { withStore } from "../request/refusal.ts";

/** Tokens that the asker may make and revoke, newest first, revoked ones too. Nothing in it opens anything. */
export function listTokens(ctx: Context): Promise<Result<ApiToken[]>> {
  return ask(ctx, null, async () => {
    const denied = canSomewhere(ctx.identity, "tokens") ? null : findPermissionRefusal(ctx, "tokens");
    if (denied) return denied;
    const all = await withStore(() => ctx.runtime.store.listApiTokens());
    return { ok: true, value: all.filter((token) => !findScopeRefusal(ctx, "tokens", onTokenOf(token))) };
  });
}
