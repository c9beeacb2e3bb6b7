import { createHash, randomBytes } from "node:crypto";
import { type ApiToken, EVERY_APPLICATION, isTokenValid, roleOfVerbs } from "../domain/access/api-token.ts";
import type { Identity } from "../domain/access/role.ts";

/** Tells secret scanners and people what it is. */
const PREFIX = "swy_";

/** A new secret with 256 bits of chance. */
export function newTokenSecret(): string {
  return `${PREFIX}${randomBytes(32).toString("base64url")}`;
}

/** Whether a bearer could be one of ours, so that nothing else asks the database. */
export function isTokenSecret(bearer: string): boolean {
  return /^swy_[A-Za-z0-9_-]{43}$/.test(bearer);
}

/** What is stored of a secret; a plain hash is enough for one that cannot be guessed. */
export function hashOfSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** Whom a token makes its bearer; null when it is revoked or over. */
export function identityOfToken(token: ApiToken, now: number): Identity | null {
  if (!isTokenValid(token, now)) return null;
  const { id, name, verbs, applications, madeBy } = token;
  return {
    id: `token:${id}`,
    name,
    role: roleOfVerbs(verbs),
    via: "token",
    ...(madeBy ? { people: madeBy } : {}),
    scope: { tokenId: id, verbs, applications: applications.includes(EVERY_APPLICATION) ? null : applications },
  };
}
