import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findApplication } from "../request/load-facts.ts";
import { type PageRequest, pageOf } from "../request/page-request.ts";
import { withStore } from "../request/refusal.ts";
import type { Page } from "../store/store.ts";

/** An application's deployments, newest first. */
export function listDeployments(ctx: Context, name: string, page: PageRequest): Promise<Result<Page<Deployment>>> {
  return ask(ctx, name, async () => {
    const found = findApplication(ctx.runtime, name);
    if (!found.ok && found.code === "NOT_FOUND") return found;
    const wanted = pageOf(page);
    if (!wanted.ok) return wanted;
    return { ok: true, value: await withStore(() => ctx.runtime.store.listDeployments(name, wanted.value)) };
  });
}
