import type { Result } from "../domain/blocker.ts";
import type { Deployment } from "../domain/deployment.ts";
import type { Context } from "../operations/context.ts";
import { findApplication } from "../operations/load-facts.ts";
import { withStore } from "../operations/refusal.ts";
import type { Page } from "../store/store.ts";
import { ask } from "./ask.ts";
import { type PageRequest, pageOf } from "./page-request.ts";

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
