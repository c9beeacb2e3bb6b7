import type { Verb } from "./snapshot.ts";

/** From least to most; each role may do what the ones before it may. */
export const ROLES = ["viewer", "operator", "approver", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** A signed-in person or token as every operation, query and stream receives it. */
export interface Identity {
  id: string;
  name: string;
  /** The highest role held; null means a known identity without any role. */
  role: Role | null;
  via: "session" | "token";
  /** Narrows what the role allows; absent for people and for the bootstrap token, which see and do all of their role. */
  scope?: IdentityScope;
}

/** What a token was made for. */
interface IdentityScope {
  /** The API token's id, to look again whether it still holds. */
  tokenId: string;
  /** Beside "view", which every scope has. */
  verbs: readonly Verb[];
  /** Null means every application. */
  applications: readonly string[] | null;
}

/** Everything that needs permission. */
export type Permission = Verb | "view" | "tokens";

/** The least role each permission needs: the one table. */
export const PERMISSIONS: Readonly<Record<Permission, Role>> = {
  view: "viewer",
  deploy: "operator",
  switch: "operator",
  rollback: "operator",
  abort: "operator",
  extend: "operator",
  retire: "operator",
  approve: "approver",
  reject: "approver",
  tokens: "admin",
};

/** Whether an application exists for the identity. */
export function maySee(identity: Pick<Identity, "scope"> | null, application: string): boolean {
  const applications = identity?.scope?.applications ?? null;
  return applications === null || applications.includes(application);
}

/** Whether the identity holds at least the role that the permission needs, and its scope has it. */
export function can(identity: Pick<Identity, "role" | "scope"> | null, permission: Permission): boolean {
  if (!identity?.role) return false;
  const { scope } = identity;
  if (scope && permission !== "view" && !scope.verbs.some((verb) => verb === permission)) return false;
  return ROLES.indexOf(identity.role) >= ROLES.indexOf(PERMISSIONS[permission]);
}
