import type { Result } from "../domain/blocker.ts";
import { isSessionOpen, type PersonSession } from "../domain/person-session.ts";
import type { Context } from "../operations/context.ts";
import { findPermissionRefusal } from "../operations/permission.ts";
import { withStore } from "../operations/refusal.ts";
import { ask } from "./ask.ts";

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
