import { randomUUID } from "node:crypto";
import NextAuth from "next-auth";
import { createAuthOptions, type SignInEvent } from "@/lib/auth/auth-options.ts";
import { currentConfig } from "@/lib/config/current-config.ts";
import { log } from "@/lib/log.ts";
import { getRuntime } from "@/lib/runtime.ts";

type Handler = (request: Request, context: { params: Promise<{ nextauth: string[] }> }) => Promise<Response>;
let handler: Handler | null = null;

/** Made at the first request, because the settings are not there while Next builds; kept, because it counts failed attempts. */
const handle: Handler = (request, context) => {
  handler ??= NextAuth(createAuthOptions(currentConfig(), (event) => void record(event))) as Handler;
  return handler(request, context);
};

export { handle as GET, handle as POST };

/** A sign-in must not fail because the record does; the log has it in any case. */
async function record({ action, who, name, provider }: SignInEvent): Promise<void> {
  log.info("A session", { action, who, provider });
  try {
    const { store, now } = await getRuntime();
    const isRefused = action === "session.refused";
    await store.appendAudit({
      id: randomUUID(),
      at: now(),
      actorId: who,
      actorName: name,
      role: null,
      via: "session",
      address: null,
      action,
      application: null,
      deploymentId: null,
      outcome: isRefused ? "refused" : "done",
      code: isRefused ? "UNAUTHENTICATED" : null,
      message: isRefused
        ? `Sign-in with ${provider} was refused`
        : `${action === "session.started" ? "Signed in" : "Signed out"} with ${provider}`,
      reason: null,
    });
  } catch (error) {
    log.error("A session could not be recorded", { error, action });
  }
}
