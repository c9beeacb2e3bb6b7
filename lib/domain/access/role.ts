import type { Verb } from "../verb/verb.ts";

/** From least to most; each role may do what the ones before it may. */
export const ROLES = ["viewer", "operator", "approver", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** A signed-in person or token as every operation, query and stream receives it. */
export interface Identity {
  id: string;
  name: string;
  /** The highest role held on every application; null means none. */
  role: Role | null;
  /** Roles held on single applications besides, by name; on each the higher of the two counts. */
  applicationRoles?: Readonly<Record<string, Role>>;
  via: "session" | "token";
  /** When the person last proved who they are, in epoch ms; absent for tokens. */
  authenticatedAt?: number;
  /** Of the session it comes from, where that has one; never its secret. */
  sessionId?: string;
  /** Values of the provider's claim, for rules that name them; absent where there is none. */
  groups?: readonly string[];
  /** Other names of the person behind it: by issuer and subject; of a token and a pipeline whoever made or started it. */
  people?: readonly string[];
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
  /** Where an application has verbs of its own; on it they count instead of `verbs`. */
  verbsOn?: Readonly<Record<string, readonly Verb[]>>;
}

/** Everything that needs permission. */
export type Permission = Verb | "view" | "tokens" | "access" | "deliveries" | "override" | "acknowledge" | "freeze";

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
  acknowledge: "operator",
  override: "approver",
  freeze: "admin",
  tokens: "admin",
  access: "admin",
  deliveries: "admin",
};

/** The id of the session or token that was signed in with; null when it has none. */
export function credentialOf(identity: Pick<Identity, "scope" | "sessionId"> | null): string | null {
  return identity?.scope?.tokenId ?? identity?.sessionId ?? null;
}

/** As much of an identity as decides what it may do. */
export type Holder = Pick<Identity, "role" | "applicationRoles" | "scope">;

/** The role held on one application; with null the one held on all of them. */
export function roleOn(holder: Holder | null, application: string | null): Role | null {
  if (!holder) return null;
  const { role, applicationRoles = {} } = holder;
  const here =
    application !== null && Object.hasOwn(applicationRoles, application) ? applicationRoles[application] : null;
  return highestRole([role, here ?? null]);
}

/** The highest of these; null when there is none. */
export function highestRole(roles: readonly (Role | null)[]): Role | null {
  return ROLES.findLast((role) => roles.includes(role)) ?? null;
}

/** Whether two are the same asker with the same roles and the same bounds. */
export function isSameAccess(one: Identity | null, other: Identity | null): boolean {
  const accessOf = (identity: Identity | null) => {
    if (!identity) return null;
    const { id, role, applicationRoles = {}, scope = null } = identity;
    return [id, role, Object.entries(applicationRoles).toSorted(([a], [b]) => (a < b ? -1 : 1)), scope];
  };
  return JSON.stringify(accessOf(one)) === JSON.stringify(accessOf(other));
}

/** Whether any role is held anywhere. */
export function hasAnyRole(holder: Holder | null): boolean {
  return holder !== null && (holder.role !== null || Object.keys(holder.applicationRoles ?? {}).length > 0);
}

/** The applications that exist for the holder; null means every one. */
export function seenApplications(holder: Holder | null): readonly string[] | null {
  if (!holder) return [];
  const within = holder.scope?.applications ?? null;
  if (holder.role !== null) return within;
  const held = Object.keys(holder.applicationRoles ?? {});
  return within === null ? held : held.filter((name) => within.includes(name));
}

/** Whether an application exists for the holder. */
export function maySee(holder: Holder | null, application: string): boolean {
  const seen = seenApplications(holder);
  return seen === null || seen.includes(application);
}

/**
 * Whether the holder has at least the role that the permission needs on this application, and the scope has it. What is
 * about no application (null) needs the role on all of them, but to view at all any role will do.
 */
export function can(holder: Holder | null, permission: Permission, application: string | null): boolean {
  if (!holder || (application !== null && !maySee(holder, application))) return false;
  if (application === null && permission === "view") return hasAnyRole(holder);
  const { scope } = holder;
  if (application === null && scope?.applications) return false;
  const verbs = (application !== null && scope?.verbsOn?.[application]) || scope?.verbs;
  if (verbs && permission !== "view" && !verbs.some((verb) => verb === permission)) return false;
  const role = roleOn(holder, application);
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(PERMISSIONS[permission]);
}

/** Whether the holder can do it on all applications or on one at least. */
export function canSomewhere(holder: Holder | null, permission: Permission): boolean {
  if (can(holder, permission, null)) return true;
  const named = [...Object.keys(holder?.applicationRoles ?? {}), ...(holder?.scope?.applications ?? [])];
  return named.some((name) => can(holder, permission, name));
}
