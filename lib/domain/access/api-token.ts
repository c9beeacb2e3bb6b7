import type { Verb } from "../verb/verb.ts";
import type { Role } from "./role.ts";
import { PERMISSIONS, ROLES } from "./role.ts";

/** Stands in a token's list of applications for every one, those of later as well. */
export const EVERY_APPLICATION = "*";

/** What a pipeline signs in with. Its secret is shown once and kept as a hash only. */
export interface ApiToken {
  id: string;
  name: string;
  /** What it may do; it may always look at its applications. */
  verbs: Verb[];
  /** Names, or EVERY_APPLICATION alone. */
  applications: string[];
  createdBy: string;
  /** Every name of whoever made it; left out for tokens of before. */
  madeBy?: string[];
  /** Epoch ms, as all times here. */
  createdAt: number;
  expiresAt: number;
  /** To the minute; null until it was used. */
  lastUsedAt: number | null;
  revokedAt: number | null;
  revokedBy: string | null;
}

/** Whether it opens anything at this time. */
export function isTokenValid(token: Pick<ApiToken, "expiresAt" | "revokedAt">, now: number): boolean {
  return token.revokedAt === null && now < token.expiresAt;
}

/** The least role that may do all of it, so that a token never holds more than its verbs need. */
export function roleOfVerbs(verbs: readonly Verb[]): Role {
  const least = Math.max(0, ...verbs.map((verb) => ROLES.indexOf(PERMISSIONS[verb])));
  return ROLES[least] ?? "viewer";
}
