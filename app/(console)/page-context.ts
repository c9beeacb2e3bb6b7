import { redirect } from "next/navigation";
import { requestLanguage } from "@/components/messages/request-language.ts";
import { currentIdentity } from "@/lib/auth/current-identity.ts";
import type { Identity } from "@/lib/domain/access/role.ts";
import { getRuntime } from "@/lib/process/runtime.ts";
import type { Context } from "@/lib/request/context.ts";

/** Who looks at the page; sends everybody who is not signed in to the sign-in page. */
export async function requireIdentity(): Promise<Identity> {
  const identity = await currentIdentity();
  if (!identity) redirect("/sign-in");
  return identity;
}

/** The context that a page asks its queries with. Queries are not audited, so no address is needed. */
export async function pageContext(): Promise<Context & { identity: Identity }> {
  const [identity, runtime, language] = await Promise.all([requireIdentity(), getRuntime(), requestLanguage()]);
  return { runtime, identity, address: null, language };
}
