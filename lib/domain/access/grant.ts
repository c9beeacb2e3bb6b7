import type { Role } from "./role.ts";

/** A role that an admin gave on the access page, beside those of switchyard.yaml and of the identity provider. */
export interface Grant {
  id: string;
  /** An e-mail address (or "*@example.com" for a whole domain), or a value of the claim that carries groups. */
  kind: "address" | "group";
  who: string;
  role: Role;
  /** Null means every application, those of later as well. */
  application: string | null;
  /** As the admin said why; null when nothing was said. */
  reason: string | null;
  createdBy: string;
  /** Epoch ms, as all times here. */
  createdAt: number;
  /** Null means until it is revoked. */
  expiresAt: number | null;
  revokedAt: number | null;
  revokedBy: string | null;
}

/** Whether it gives anything at this time. */
export function isGrantValid(grant: Pick<Grant, "expiresAt" | "revokedAt">, now: number): boolean {
  return grant.revokedAt === null && (grant.expiresAt === null || now < grant.expiresAt);
}

/** Whether it makes somebody an admin of everything for good: without any of these, and none configured, nobody can grant. */
export function isLastingAdmin(grant: Pick<Grant, "role" | "application" | "expiresAt" | "revokedAt">): boolean {
  return grant.role === "admin" && grant.application === null && grant.expiresAt === null && grant.revokedAt === null;
}
