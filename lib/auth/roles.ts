import type { AccessConfig } from "../config/access-config.ts";
import { ROLES, type Role } from "../domain/role.ts";

/** What a provider said about a person, as the session carries it. */
export interface Claims {
  /** Lower case; null when there is none or the provider says that it is not verified. */
  email: string | null;
  /** Values of the claim that OIDC_ROLE_CLAIM names. */
  roleValues: readonly string[];
}

/** The highest role that the address or a claim's value gives; null for none. A value that is a role's own name gives that role. */
export function roleOf(claims: Claims, access: AccessConfig): Role | null {
  const held = ROLES.filter((role) => {
    const { addresses, claims: values } = access[role];
    return (
      (claims.email !== null && addresses.some((pattern) => matchesAddress(claims.email ?? "", pattern))) ||
      claims.roleValues.some((value) => value === role || values.includes(value))
    );
  });
  return held.at(-1) ?? null;
}

/** The values under a claim of a token: text, a list of texts, or either at a path such as "realm_access.roles". */
export function claimValues(profile: Readonly<Record<string, unknown>>, claim: string): string[] {
  const value = Object.hasOwn(profile, claim)
    ? profile[claim]
    : claim
        .split(".")
        .reduce<unknown>(
          (inner, part) =>
            typeof inner === "object" && inner !== null && Object.hasOwn(inner, part)
              ? (inner as Record<string, unknown>)[part]
              : undefined,
          profile,
        );
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** Only the values that can give a role, so that a person in two hundred groups still fits into a cookie. */
export function relevantValues(values: readonly string[], access: AccessConfig): string[] {
  return values.filter((value) => ROLES.some((role) => value === role || access[role].claims.includes(value)));
}

function matchesAddress(email: string, pattern: string): boolean {
  return pattern.startsWith("*@") ? email.endsWith(pattern.slice(1)) : email === pattern;
}
