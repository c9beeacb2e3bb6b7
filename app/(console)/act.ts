import { headers } from "next/headers";
import { currentIdentity } from "@/lib/auth/current-identity.ts";
import { isSameOrigin } from "@/lib/auth/origin.ts";
import type { Result } from "@/lib/domain/blocker.ts";
import type { Context } from "@/lib/operations/context.ts";
import { refuse } from "@/lib/operations/refusal.ts";
import { getRuntime } from "@/lib/runtime.ts";

/** How every server action runs: who asks and from where; what comes from a foreign page is refused before anything is looked at. */
export async function act<T, E>(work: (ctx: Context) => Promise<Result<T, E>>): Promise<Result<T, E>> {
  const [sent, identity, runtime] = await Promise.all([headers(), currentIdentity(), getRuntime()]);
  if (!isSameOrigin({ headers: sent }))
    return refuse("FOREIGN_ORIGIN", "The request does not come from Switchyard's own pages", "Reload the page");
  const address = sent.get("x-forwarded-for")?.split(",")[0]?.trim().slice(0, 64) || null;
  return work({ runtime, identity, address });
}
