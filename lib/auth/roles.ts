import { type AccessConfig, NO_ROLE_RULES, type RoleRules } from "../config/access-config.ts";
import { type ApprovalsConfig, namedInApprovals } from "../config/approvals-config.ts";
import { matchesAddress } from "../domain/access/address.ts";
import type { Grant } from "../domain/access/grant.ts";
import { highestRole, type Identity, ROLES, type Role } from "../domain/access/role.ts";

/** What a provider said about a person, as the session carries it. */
export interface Claims {
  /** Lower case; null when there is none or the provider says that it is not verified. */
  email: string | null;
  /** Values of the claim that OIDC_ROLE_CLAIM names. */
  roleValues: readonly string[];
}

/** `access:` of the file and of each application in it. */
export interface AccessSettings {
  access: AccessConfig;
  applications?: readonly { name: string; access?: RoleRules; approvals?: ApprovalsConfig }[];
}

/** A role and where it comes from. */
export interface HeldRole {
  role: Role;
  /** Null means all of them. */
  application: string | null;
  source:
    | { from: "address" | "claim"; value: string }
    | { from: "grant"; grant: Pick<Grant, "id" | "who" | "createdBy" | "expiresAt"> }
    | { from: "sandbox" };
}

/** Every role that the settings and the admins' grants give, each with its source. A claim's value that is a role's own name gives that role. */
export function rolesHeld(claims: Claims, settings: AccessSettings, grants: readonly Grant[]): HeldRole[] {
  return [
    ...rolesByRules(claims, settings.access, null),
    ...(settings.applications ?? []).flatMap(({ name, access }) => rolesByRules(claims, access ?? NO_ROLE_RULES, name)),
    ...grants
      .filter((grant) => isFor(grant, claims))
      .map(
        (grant): HeldRole => ({ role: grant.role, application: grant.application, source: { from: "grant", grant } }),
      ),
  ];
}

/** The same as an identity carries it: the highest on all applications, and on single ones. */
export function rolesOf(held: readonly HeldRole[]): Pick<Identity, "role" | "applicationRoles"> {
  const on = (application: string | null) =>
    highestRole(held.filter((one) => one.application === application).map(({ role }) => role));
  const names = new Set(held.flatMap(({ application }) => (application === null ? [] : [application])));
  const applicationRoles = Object.fromEntries(
    [...names].toSorted().flatMap((name) => {
      const role = on(name);
      return role === null ? [] : [[name, role] as const];
    }),
  );
  return { role: on(null), ...(names.size > 0 ? { applicationRoles } : {}) };
}

function rolesByRules(claims: Claims, rules: RoleRules, application: string | null): HeldRole[] {
  return ROLES.flatMap((role): HeldRole[] => {
    const { addresses, claims: values } = rules[role];
    const { email } = claims;
    const address = email === null ? undefined : addresses.find((pattern) => matchesAddress(email, pattern));
    // Its own name gives a role on all applications, never on one: that must be said.
    const value = claims.roleValues.find(
      (candidate) => (application === null && candidate === role) || values.includes(candidate),
    );
    return [
      ...(address === undefined ? [] : [{ role, application, source: { from: "address", value: address } } as const]),
      ...(value === undefined ? [] : [{ role, application, source: { from: "claim", value } } as const]),
    ];
  });
}

function isFor(grant: Grant, claims: Claims): boolean {
  if (grant.kind === "group") return claims.roleValues.includes(grant.who);
  return claims.email !== null && matchesAddress(claims.email, grant.who);
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

/** Room for values in the session's cookie beside those that give a role: a browser takes 4 KB. */
const SPARE_BYTES = 1_000;

/**
 * The values that give a role, and as many others as there is room for, so that a group granted later counts at once and a
 * person in two hundred groups still fits into a cookie.
 */
export function relevantValues(
  values: readonly string[],
  settings: AccessSettings,
  grants: readonly Grant[],
): string[] {
  const approvers = namedInApprovals(settings.applications ?? []);
  const rules = [settings.access, ...(settings.applications ?? []).map(({ access }) => access ?? NO_ROLE_RULES)];
  const isWanted = (value: string) =>
    ROLES.some((role) => value === role || rules.some((rule) => rule[role].claims.includes(value))) ||
    approvers.includes(value) ||
    grants.some((grant) => grant.kind === "group" && grant.who === value);
  let room = SPARE_BYTES;
  const spare = values.filter((value) => {
    if (isWanted(value)) return false;
    room -= Buffer.byteLength(value) + 3;
    return room >= 0;
  });
  return [...values.filter(isWanted), ...spare];
}
