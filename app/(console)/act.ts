import { headers } from "next/headers";
import { clientAddress } from "@/lib/auth/client-address.ts";
import { currentIdentity } from "@/lib/auth/current-identity.ts";
import { isSameOrigin } from "@/lib/auth/origin.ts";
import type { Result } from "@/lib/domain/blocker.ts";
import { auditDenial } from "@/lib/operations/audit-denial.ts";
import type { Context } from "@/lib/operations/context.ts";
import { refuse } from "@/lib/operations/refusal.ts";
import { getRuntime } from "@/lib/runtime.ts";

/** How every server action runs: who asks and from where; what comes from a foreign page is refused before anything is looked at. */
export async function act<T, E>(work: (ctx: Context) => Promise<Result<T, E>>): Promise<Result<T, E>> {
  const [sent, identity, runtime] = await Promise.all([headers(), currentIdentity(), getRuntime()]);
  const address = clientAddress(sent);
  const ctx = { runtime, identity, address };
  if (isSameOrigin({ headers: sent })) return work(ctx);
  const refusal = refuse("FOREIGN_ORIGIN", "The request does not come from Switchyard's own pages", "Reload the page");
  await auditDenial(ctx, { action: "request.refused", code: refusal.code, message: refusal.message });
  return refusal;
}
