import { randomUUID } from "node:crypto";
import NextAuth from "next-auth";
import { currentAccessCache } from "@/lib/auth/access-cache.ts";
import { createAuthOptions, type SignInEvent } from "@/lib/auth/auth-options.ts";
import { clientAddress } from "@/lib/auth/client-address.ts";
import { createSignInLimits, type SignInLimits } from "@/lib/auth/sign-in-limits.ts";
import { currentConfig } from "@/lib/config/current-config.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { lineMembers } from "@/lib/domain/sentence/told.ts";
import { log } from "@/lib/log.ts";
import { getRuntime } from "@/lib/process/runtime.ts";

type Handler = (request: Request, context: { params: Promise<{ nextauth: string[] }> }) => Promise<Response>;
const SAID = {
  "session.started": "auditRow.signedIn",
  "session.ended": "auditRow.signedOut",
  "session.refused": "auditRow.signInRefused",
} as const;
let limits: SignInLimits | null = null;

/** Auth.js for one request; what counts attempts is made at the first one and kept. */
const handle: Handler = async (request, context) => {
  limits ??= createSignInLimits(Date.now);
  const address = clientAddress(request.headers);
  const { nextauth } = await context.params;
  const isBegin = request.method === "POST" && (nextauth[0] === "signin" || nextauth[0] === "callback");
  if (isBegin && !limits.mayBegin(address)) return tooManyAttempts();
  const options = createAuthOptions({
    config: currentConfig(),
    limits,
    address,
    onEvent: (event) => void record(event, address),
  });
  const response = await (NextAuth(options) as Handler)(request, context);
  // Nobody after this person goes back to what they saw.
  if (request.method === "POST" && nextauth[0] === "signout") response.headers.set("clear-site-data", '"cache"');
  return response;
};

export { handle as GET, handle as POST };

/** As Auth.js would answer the sign-in page's own request. */
function tooManyAttempts(): Response {
  const url = `${currentConfig().auth.url}/sign-in?error=TooManyAttempts`;
  return Response.json({ url }, { status: 429, headers: { "retry-after": "60", "cache-control": "no-store" } });
}

/** A sign-in must not fail because the record does; the log has it in any case. */
async function record({ action, who, name, provider, session }: SignInEvent, address: string | null): Promise<void> {
  log.info("A session", { action, who, provider });
  try {
    const { store, now } = await getRuntime();
    if (session) {
      const row = { ...session, name, provider, address, lastSeenAt: session.startedAt, endedAt: null, endedBy: null };
      if (action === "session.started") await store.insertSession(row);
      else await store.endSession(row, name, Date.now());
    }
    const isRefused = action === "session.refused";
    await store.appendAudit({
      id: randomUUID(),
      at: now(),
      actorId: who,
      actorName: name,
      role: null,
      via: "session",
      address,
      ...(session ? { credentialId: session.id } : {}),
      action,
      application: null,
      deploymentId: null,
      outcome: isRefused ? "refused" : "done",
      code: isRefused ? "UNAUTHENTICATED" : null,
      ...lineMembers(say(SAID[action], { provider })),
      reason: null,
    });
    if (action === "session.ended") await currentAccessCache().refresh();
  } catch (error) {
    log.error("A session could not be recorded", { error, action });
  }
}
