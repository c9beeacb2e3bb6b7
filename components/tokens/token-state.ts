import { type ApiToken, EVERY_APPLICATION } from "@/lib/domain/access/api-token.ts";

/** How a token stands, in the list's word and shape. */
export function tokenState(token: ApiToken, now: number): { word: string; shape: "done" | "unknown" | "warning" } {
  if (token.revokedAt !== null) return { word: `revoked by ${token.revokedBy ?? "nobody known"}`, shape: "unknown" };
  if (now >= token.expiresAt) return { word: "over", shape: "unknown" };
  if (token.expiresAt - now < 7 * 24 * 60 * 60_000) return { word: "ends soon", shape: "warning" };
  return { word: "valid", shape: "done" };
}

/** What it may do and where, in words. */
export function scopeWords({ verbs, applications }: Pick<ApiToken, "verbs" | "applications">): {
  verbs: string;
  applications: string;
} {
  return {
    verbs: verbs.length === 0 ? "only looks" : verbs.join(", "),
    applications: applications.includes(EVERY_APPLICATION) ? "all applications" : applications.join(", "),
  };
}
