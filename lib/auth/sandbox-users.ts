import type { Role } from "../domain/access/role.ts";

/** A ready user of the sandbox. */
export interface SandboxUser {
  id: Role | "guest";
  name: string;
  email: string;
  /** Null for who has only what an admin or switchyard.yaml gives. */
  role: Role | null;
}

/** Known to everybody, on purpose: these users exist only with an AWS endpoint on this machine. */
export const SANDBOX_PASSWORD = "sandbox";

const NAMES: Readonly<Record<SandboxUser["id"], string>> = {
  viewer: "Vera Viewer",
  operator: "Otto Operator",
  approver: "Ada Approver",
  admin: "Alex Admin",
  guest: "Gus Guest",
};

/** One for each role, and one without any. */
export const SANDBOX_USERS: readonly SandboxUser[] = (Object.keys(NAMES) as SandboxUser["id"][]).map((id) => ({
  id,
  name: NAMES[id],
  email: `${id}@sandbox.local`,
  role: id === "guest" ? null : id,
}));

/** By id or address, whatever its case; null when there is none. */
export function findSandboxUser(name: string): SandboxUser | null {
  const wanted = name.trim().toLowerCase();
  return SANDBOX_USERS.find((user) => user.id === wanted || user.email === wanted) ?? null;
}
