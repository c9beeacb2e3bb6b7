import { say } from "../domain/sentence/sentence.ts";
import type { Context } from "./context.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** How long ago somebody may have proved who they are when they overrule a check. */
export const RECENT_SIGN_IN_MS = 5 * 60_000;

/**
 * A refusal unless the person proved who they are within the last five minutes; null when they did. A token is no person and
 * cannot sign in again: its verbs say what it may.
 */
export function requireRecentSignIn({ identity, runtime }: Context): Refusal<never> | null {
  if (!identity) return refuse("UNAUTHENTICATED", say("refusal.nobody"), say("refusal.signIn"));
  if (identity.via === "token") return null;
  const { authenticatedAt } = identity;
  if (authenticatedAt !== undefined && runtime.now() - authenticatedAt <= RECENT_SIGN_IN_MS) return null;
  return authenticatedAt === undefined
    ? refuse("STEP_UP_REQUIRED", say("refusal.stepUpUntold"), say("refusal.signInAuthTime"))
    : refuse("STEP_UP_REQUIRED", say("refusal.stepUp"), say("refusal.signInComeBack"));
}
