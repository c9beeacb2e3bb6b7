import { can, hasAnyRole, maySee, PERMISSIONS, type Permission, roleOn } from "../domain/access/role.ts";
import { say } from "../domain/sentence/sentence.ts";
import { cutText } from "../domain/text/cut-text.ts";
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
  if (!identity) return refuse("UNAUTHENTICATED", say("refusal.nobody"), say("refusal.signInOrToken"));
  // Whoever has no role anywhere learns the same of every name: that a role is missing.
  if (application !== null && hasAnyRole(identity) && !maySee(identity, application)) return noApplication(application);
  if (can(identity, permission, application)) return null;
  const needed = PERMISSIONS[permission];
  if (identity.scope)
    return refuse(
      "FORBIDDEN",
      say("refusal.tokenMayNot", {
        name: identity.name,
        permission,
        verbs: ["view", ...identity.scope.verbs].join(", "),
      }),
      say("refusal.askTokenVerb"),
    );
  const role = roleOn(identity, application) ?? say("refusal.none");
  const what = { permission, needed, name: identity.name, role };
  const said =
    application === null ? say("refusal.needsRole", what) : say("refusal.needsRoleOn", { ...what, application });
  return refuse("FORBIDDEN", said, say("refusal.askRole"));
}

/** The refusal of a name that is unknown, or that the asker may not know. */
export function noApplication(name: string): Refusal<never> {
  return refuse("NOT_FOUND", say("refusal.noApplication", { name }), say("refusal.chooseApplication"));
}

/** The refusal of an id that is unknown, or of an application that the asker may not know. */
export function noDeployment(id: string): Refusal<never> {
  return refuse("NOT_FOUND", say("refusal.noDeployment", { id: cutText(id, 80) }));
}
