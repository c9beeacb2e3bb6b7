import type { Context } from "./context.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** How long ago somebody may have proved who they are when they overrule a check. */
export const RECENT_SIGN_IN_MS = 5 * 60_000;

/**
 * A refusal unless the person proved who they are within the last five minutes; null when they did. A token is no person and
 * cannot sign in again: its verbs say what it may.
 */
export function requireRecentSignIn({ identity, runtime }: Context): Refusal<never> | null {
  if (!identity) return refuse("UNAUTHENTICATED", "Nobody is signed in", "Sign in");
  if (identity.via === "token") return null;
  const { authenticatedAt } = identity;
  if (authenticatedAt !== undefined && runtime.now() - authenticatedAt <= RECENT_SIGN_IN_MS) return null;
  return refuse(
    "STEP_UP_REQUIRED",
    "This needs a sign-in of the last five minutes",
    "Sign in again; you come back to this page",
  );
}
