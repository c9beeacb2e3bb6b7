import type { AccessConfig, RoleRules } from "../config/access-config.ts";
import { can, canSomewhere, ROLES, type Role } from "../domain/access/role.ts";
import type { Result } from "../domain/verb/blocker.ts";
import { ask } from "../request/ask.ts";
import type { Context } from "../request/context.ts";
import { findPermissionRefusal } from "../request/permission.ts";

/** A role that switchyard.yaml gives. */
export interface ConfiguredRole {
  kind: "address" | "group";
  who: string;
  role: Role;
  /** Null means all of them. */
  application: string | null;
}

/** Whom switchyard.yaml gives which role, for those who may give roles themselves. */
export function listConfiguredRoles(
  ctx: Context,
  settings: { access: AccessConfig; applications: readonly { name: string; access: RoleRules }[] },
): Promise<Result<ConfiguredRole[]>> {
  return ask(ctx, null, async () => {
    const denied = canSomewhere(ctx.identity, "access") ? null : findPermissionRefusal(ctx, "access");
    if (denied) return denied;
    const all = [
      ...rolesIn(settings.access, null),
      ...settings.applications.flatMap(({ name, access }) => rolesIn(access, name)),
    ];
    return { ok: true, value: all.filter(({ application }) => can(ctx.identity, "access", application)) };
  });
}

function rolesIn(rules: RoleRules, application: string | null): ConfiguredRole[] {
  return ROLES.flatMap((role) => [
    ...rules[role].addresses.map((who): ConfiguredRole => ({ kind: "address", who, role, application })),
    ...rules[role].claims.map((who): ConfiguredRole => ({ kind: "group", who, role, application })),
  ]);
}
