import { can, hasAnyRole, maySee, PERMISSIONS, type Permission, roleOn } from "../domain/access/role.ts";
import type { Context } from "./context.ts";
import { type Refusal, refuse } from "./refusal.ts";

/**
 * Why the asker may not; null when they may. Every operation, query and stream asks this first, naming the application where
 * there is one: outside the asker's scope it is as if it did not exist.
 */
export function findPermissionRefusal(
  ctx: Pick<Context, "identity">,
  permission: Permission,
  application: string | null = null,
): Refusal<never> | null {
  const { identity } = ctx;
  if (!identity) return refuse("UNAUTHENTICATED", "Nobody is signed in", "Sign in, or send a bearer token");
  // Whoever has no role anywhere learns the same of every name: that a role is missing.
  if (application !== null && hasAnyRole(identity) && !maySee(identity, application)) return noApplication(application);
  if (can(identity, permission, application)) return null;
  const needed = PERMISSIONS[permission];
  const where = application === null ? "" : ` on ${application}`;
  if (identity.scope)
    return refuse(
      "FORBIDDEN",
      `The token ${identity.name} may not ${permission}; it is for ${["view", ...identity.scope.verbs].join(", ")}`,
      "Ask an admin for a token with this verb",
    );
  return refuse(
    "FORBIDDEN",
    `${permission} needs the role ${needed}${where}; ${identity.name} has ${roleOn(identity, application) ?? "none"}`,
    "Ask an admin for the role",
  );
}

/** The refusal of a name that is unknown, or that the asker may not know. */
export function noApplication(name: string): Refusal<never> {
  return refuse("NOT_FOUND", `There is no application ${name}`, "Choose one of switchyard.yaml");
}

/** The refusal of an id that is unknown, or of an application that the asker may not know. */
export function noDeployment(id: string): Refusal<never> {
  return refuse("NOT_FOUND", `There is no deployment ${id.slice(0, 80)}`);
}
