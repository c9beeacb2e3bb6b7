import { decode, encode, getToken, type JWT } from "next-auth/jwt";
import type { Config } from "../config/config.ts";
import { ABSOLUTE_SECONDS, IDLE_SECONDS } from "../domain/access/person-session.ts";
import type { Identity } from "../domain/access/role.ts";
import { subjectName } from "../domain/deployment/person.ts";
import { say } from "../domain/sentence/sentence.ts";
import { type AccessCache, currentAccessCache, type SessionMark } from "./access-cache.ts";
import { type AccessSettings, type HeldRole, rolesHeld, rolesOf } from "./roles.ts";
import { findSandboxUser } from "./sandbox-users.ts";

/** What a page's script reads whose session is over. */
export const SIGNED_OUT = say("rest.signedOut");

/** A session in use is renewed at most this often. */
const RENEWAL_SECONDS = 5 * 60;

/** What the encrypted cookie holds. No role: that is worked out from the settings at every request. */
export interface SessionToken extends JWT {
  provider: "sandbox" | "oidc";
  name: string;
  /** Verified, lower case. */
  email: string | null;
  roleValues: string[];
  /** Of this sign-in alone, so that it can be ended. */
  sid: string;
  /** Epoch seconds. */
  signedInAt: number;
  /** When the person last proved who they are, in epoch seconds; 0 where the provider does not say. */
  authenticatedAt: number;
}

/** Cookies as Next's stores carry them. */
export interface CookieSource {
  getAll(): { name: string; value: string }[];
}

/** As much of the settings as decides who somebody is. */
export type AuthSettings = Pick<Config, "auth"> & AccessSettings;

/** Name and flags of the session cookie; over https it is bound to it and to the very host. */
export function sessionCookie(url: string) {
  const isSecure = url.startsWith("https://");
  return {
    name: `${isSecure ? "__Host-" : ""}next-auth.session-token`,
    options: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure } as const,
  };
}

/** The session of these cookies; null when there is none, it was tampered with, or it has ended. */
export async function readSession(
  cookies: CookieSource,
  { auth }: Pick<Config, "auth">,
  nowMs: number,
): Promise<SessionToken | null> {
  const { name, options } = sessionCookie(auth.url);
  const all = Object.fromEntries(cookies.getAll().map((cookie) => [cookie.name, cookie.value]));
  // Safe because getToken reads nothing but cookies and headers.
  const req = { cookies: all, headers: {} } as Parameters<typeof getToken>[0]["req"];
  const token = await getToken({ req, cookieName: name, secureCookie: options.secure, secret: auth.secret, decode });
  return isSessionToken(token) && isWithin(token, nowMs) ? token : null;
}

/** The cookie's next value when the session is in use and was not renewed lately; null when there is nothing to do. */
export async function renewSession(
  token: SessionToken,
  { auth }: Pick<Config, "auth">,
  nowMs: number,
): Promise<{ value: string; maxAge: number } | null> {
  const now = Math.floor(nowMs / 1000);
  if (typeof token.iat === "number" && now - token.iat < RENEWAL_SECONDS) return null;
  const maxAge = Math.min(IDLE_SECONDS, token.signedInAt + ABSOLUTE_SECONDS - now);
  if (maxAge <= 0) return null;
  return { value: await encode({ token, secret: auth.secret, maxAge }), maxAge };
}

/** Who it is, with the roles that settings and grants give now; null when it was ended or the way in no longer exists. */
export function identityOfSession(
  token: SessionToken,
  settings: AuthSettings,
  cache: AccessCache = currentAccessCache(),
): Identity | null {
  if (cache.isEnded(markOf(token))) return null;
  const held = rolesOfSession(token, settings, cache);
  if (held === null) return null;
  return {
    id: personOf(token),
    name: token.name,
    ...rolesOf(held),
    via: "session",
    ...(settings.auth.oidc && token.provider === "oidc"
      ? { people: [subjectName(settings.auth.oidc.issuer, token.sub ?? "")] }
      : {}),
    sessionId: token.sid,
    ...(token.authenticatedAt > 0 ? { authenticatedAt: token.authenticatedAt * 1000 } : {}),
    ...(token.roleValues.length > 0 ? { groups: token.roleValues } : {}),
  };
}

/** Every role that the session's person holds, each with its source; null when the way in no longer exists. */
export function rolesOfSession(
  token: SessionToken,
  settings: AuthSettings,
  cache: AccessCache = currentAccessCache(),
): HeldRole[] | null {
  const { auth } = settings;
  if (token.provider === "sandbox") {
    const user = auth.sandboxUsers ? findSandboxUser(token.sub ?? "") : null;
    if (!user) return null;
    const own: HeldRole[] = user.role ? [{ role: user.role, application: null, source: { from: "sandbox" } }] : [];
    return [...own, ...rolesHeld({ email: user.email, roleValues: [] }, settings, cache.grants())];
  }
  return auth.oidc === null ? null : rolesHeld(token, settings, cache.grants());
}

/** What says whether it was ended. */
export function markOf(token: SessionToken): SessionMark {
  return { id: token.sid, personId: personOf(token), startedAt: token.signedInAt * 1000 };
}

/** The identity's id: the verified address, else the provider's own id, which must not pass for an address. */
function personOf({ email, sub, provider }: SessionToken): string {
  if (provider === "sandbox") return findSandboxUser(sub ?? "")?.email ?? sub ?? "";
  return email ?? (sub ?? "").replaceAll("@", "%40");
}

/** Whether neither lifetime is over. */
export function isWithin(token: SessionToken, nowMs: number): boolean {
  const age = nowMs / 1000 - token.signedInAt;
  return (
    age < ABSOLUTE_SECONDS && (token.exp === undefined || typeof token.exp !== "number" || nowMs / 1000 < token.exp)
  );
}

/** Whether a decoded cookie is one of ours, with all that later parts rely on. */
export function isSessionToken(token: JWT | null): token is SessionToken {
  return (
    token !== null &&
    (token.provider === "sandbox" || token.provider === "oidc") &&
    typeof token.sub === "string" &&
    token.sub !== "" &&
    typeof token.name === "string" &&
    (token.email === null || typeof token.email === "string") &&
    Array.isArray(token.roleValues) &&
    typeof token.sid === "string" &&
    token.sid !== "" &&
    typeof token.signedInAt === "number" &&
    typeof token.authenticatedAt === "number"
  );
}
