import { isSessionOpen, type PersonSession } from "../domain/access/person-session.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findPermissionRefusal } from "../request/permission.ts";
import { withStore } from "../request/refusal.ts";

/** Every session that could be in use, newest first; for admins of all applications. */
export function listSessions(ctx: Context): Promise<Result<PersonSession[]>> {
  return ask(ctx, null, async () => {
    const denied = findPermissionRefusal(ctx, "access");
    if (denied) return denied;
    const now = ctx.runtime.now();
    const all = await withStore(() => ctx.runtime.store.listSessions(now));
    return { ok: true, value: all.filter((session) => isSessionOpen(session, now)) };
  });
}
