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
}

/** Everything that needs permission. */
export type Permission = Verb | "view";

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
};

/** Whether the identity holds at least the role that the permission needs. */
export function can(identity: Pick<Identity, "role"> | null, permission: Permission): boolean {
  if (!identity?.role) return false;
  return ROLES.indexOf(identity.role) >= ROLES.indexOf(PERMISSIONS[permission]);
}
