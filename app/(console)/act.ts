import { headers } from "next/headers";
import { clientAddress } from "@/lib/auth/client-address.ts";
import { currentIdentity } from "@/lib/auth/current-identity.ts";
import { isSameOrigin } from "@/lib/auth/origin.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { toldIn } from "@/lib/domain/sentence/told.ts";
import type { Result } from "@/lib/domain/verb/blocker.ts";
import { logAs } from "@/lib/log.ts";
import { type Language, languageOf } from "@/lib/messages/language.ts";
import { getRuntime } from "@/lib/process/runtime.ts";
import { auditDenial } from "@/lib/request/audit-denial.ts";
import type { Context } from "@/lib/request/context.ts";
import { refuse } from "@/lib/request/refusal.ts";

/** How every server action runs: who asks and from where; what comes from a foreign page is refused before anything is looked at. */
export async function act<T, E>(work: (ctx: Context) => Promise<Result<T, E>>): Promise<Result<T, E>> {
  const sent = await headers();
  return logAs(sent.get("x-request-id"), () => actAs(sent, work));
}

async function actAs<T, E>(sent: Headers, work: (ctx: Context) => Promise<Result<T, E>>): Promise<Result<T, E>> {
  const [identity, runtime] = await Promise.all([currentIdentity(), getRuntime()]);
  const address = clientAddress(sent);
  const ctx = { runtime, identity, address, traceparent: sent.get("traceparent"), language: languageOf(sent) };
  if (isSameOrigin({ headers: sent })) return inWords(await work(ctx), ctx.language);
  const refusal = refuse("FOREIGN_ORIGIN", say("refusal.foreignPage"), say("refusal.reloadPage"));
  const { code, message, said } = refusal;
  await auditDenial(ctx, { action: "request.refused", code, message, ...(said ? { said } : {}) });
  return refusal;
}

/** A refusal with the reader's language in its texts as well: a browser does not have the words of every sentence. */
function inWords<T, E>(result: Result<T, E>, language: Language): Result<T, E> {
  if (result.ok) return result;
  const { message, said, fix, fixSaid } = result;
  return {
    ...result,
    message: toldIn(said ?? message, language),
    ...(fix ? { fix: toldIn(fixSaid ?? fix, language) } : {}),
  };
}
