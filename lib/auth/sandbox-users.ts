import { ROLES, type Role } from "../domain/role.ts";

/** A ready user of the sandbox, one for each role. */
export interface SandboxUser {
  id: Role;
  name: string;
  email: string;
  role: Role;
}

/** Known to everybody, on purpose: these users exist only with an AWS endpoint on this machine. */
export const SANDBOX_PASSWORD = "sandbox";

const NAMES: Readonly<Record<Role, string>> = {
  viewer: "Vera Viewer",
  operator: "Otto Operator",
  approver: "Ada Approver",
  admin: "Alex Admin",
};

export const SANDBOX_USERS: readonly SandboxUser[] = ROLES.map((role) => ({
  id: role,
  name: NAMES[role],
  email: `${role}@sandbox.local`,
  role,
}));

/** By id or address, whatever its case; null when there is none. */
export function findSandboxUser(name: string): SandboxUser | null {
  const wanted = name.trim().toLowerCase();
  return SANDBOX_USERS.find((user) => user.id === wanted || user.email === wanted) ?? null;
}
