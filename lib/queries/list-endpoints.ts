import { seenApplications } from "../domain/access/role.ts";
import type { Result } from "../domain/verb/blocker.ts";
import type { EndpointFacts } from "../notify/endpoint.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";

/** Who is told of what, as switchyard.yaml says it; an application's own endpoints only for who may see it. */
export function listEndpoints(ctx: Context): Promise<Result<EndpointFacts[]>> {
  return ask(ctx, null, async () => {
    const seen = seenApplications(ctx.identity);
    const value = ctx.runtime.notifier
      .endpoints()
      .filter(({ application }) => application === null || seen === null || seen.includes(application));
    return { ok: true, value: [...value] };
  });
}
