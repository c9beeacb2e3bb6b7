import { can, PERMISSIONS, type Permission } from "../domain/role.ts";
import type { Context } from "./context.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** Why the asker may not; null when they may. Every operation, query and stream asks this first. */
export function findPermissionRefusal(ctx: Context, permission: Permission): Refusal<never> | null {
  if (!ctx.identity) return refuse("UNAUTHENTICATED", "Nobody is signed in", "Sign in, or send a bearer token");
  if (can(ctx.identity, permission)) return null;
  return refuse(
    "FORBIDDEN",
    `${permission} needs the role ${PERMISSIONS[permission]}; ${ctx.identity.name} has ${ctx.identity.role ?? "none"}`,
    "Ask an admin for the role",
  );
}
