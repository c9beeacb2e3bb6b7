import { type ApiToken, EVERY_APPLICATION } from "@/lib/domain/access/api-token.ts";
import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";

/** How a token stands, in the list's word and shape. */
export function tokenState(token: ApiToken, now: number): { word: Sentence; shape: "done" | "unknown" | "warning" } {
  const { revokedAt, revokedBy, expiresAt } = token;
  if (revokedAt !== null)
    return {
      word: revokedBy === null ? say("tokens.state.revokedUnknown") : say("tokens.state.revoked", { by: revokedBy }),
      shape: "unknown",
    };
  if (now >= expiresAt) return { word: say("tokens.state.over"), shape: "unknown" };
  if (expiresAt - now < 7 * 24 * 60 * 60_000) return { word: say("tokens.state.soon"), shape: "warning" };
  return { word: say("tokens.state.valid"), shape: "done" };
}

/** What it may do and where: names, or a sentence. */
export function scopeSaid({ verbs, applications }: Pick<ApiToken, "verbs" | "applications">): {
  verbs: Sentence | string;
  applications: Sentence | string;
} {
  return {
    verbs: verbs.length === 0 ? say("tokens.onlyLooks") : verbs.join(", "),
    applications: applications.includes(EVERY_APPLICATION) ? say("tokens.allApplications") : applications.join(", "),
  };
}
