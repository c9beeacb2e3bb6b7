import { decode, encode, getToken, type JWT } from "next-auth/jwt";
import type { Config } from "../config/config.ts";
import type { Identity } from "../domain/role.ts";
import { roleOf } from "./roles.ts";
import { findSandboxUser } from "./sandbox-users.ts";

/** A session that nobody uses ends after this. */
export const IDLE_SECONDS = 60 * 60;
/** And every session ends this long after signing in. */
export const ABSOLUTE_SECONDS = 8 * 60 * 60;
/** A session in use is renewed at most this often. */
const RENEWAL_SECONDS = 5 * 60;

/** What the encrypted cookie holds. No role: that is worked out from the settings at every request. */
export interface SessionToken extends JWT {
  provider: "sandbox" | "oidc";
  name: string;
  /** Verified, lower case. */
  email: string | null;
  roleValues: string[];
  /** Epoch seconds. */
  signedInAt: number;
}

/** Cookies as Next's stores carry them. */
export interface CookieSource {
  getAll(): { name: string; value: string }[];
}

type AuthSettings = Pick<Config, "auth" | "access">;

/** Name and flags of the session cookie; over https it is bound to it. */
export function sessionCookie(url: string) {
  const isSecure = url.startsWith("https://");
  return {
    name: `${isSecure ? "__Secure-" : ""}next-auth.session-token`,
    options: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure } as const,
  };
}

/** The session of these cookies; null when there is none, it was tampered with, or it has ended. */
export async function readSession(
  cookies: CookieSource,
  { auth }: AuthSettings,
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
  { auth }: AuthSettings,
  nowMs: number,
): Promise<{ value: string; maxAge: number } | null> {
  const now = Math.floor(nowMs / 1000);
  if (typeof token.iat === "number" && now - token.iat < RENEWAL_SECONDS) return null;
  const maxAge = Math.min(IDLE_SECONDS, token.signedInAt + ABSOLUTE_SECONDS - now);
  if (maxAge <= 0) return null;
  return { value: await encode({ token, secret: auth.secret, maxAge }), maxAge };
}

/** Who it is, with the role that the settings give now; null when the way in no longer exists. */
export function identityOfSession(token: SessionToken, { auth, access }: AuthSettings): Identity | null {
  if (token.provider === "sandbox") {
    const user = auth.sandboxUsers ? findSandboxUser(token.sub ?? "") : null;
    return user && { id: user.email, name: user.name, role: user.role, via: "session" };
  }
  if (auth.oidc === null) return null;
  const role = roleOf({ email: token.email, roleValues: token.roleValues }, access);
  return { id: token.email ?? token.sub ?? "", name: token.name, role, via: "session" };
}

function isWithin(token: SessionToken, nowMs: number): boolean {
  const age = nowMs / 1000 - token.signedInAt;
  return (
    age < ABSOLUTE_SECONDS && (token.exp === undefined || typeof token.exp !== "number" || nowMs / 1000 < token.exp)
  );
}

function isSessionToken(token: JWT | null): token is SessionToken {
  return (
    token !== null &&
    (token.provider === "sandbox" || token.provider === "oidc") &&
    typeof token.sub === "string" &&
    token.sub !== "" &&
    typeof token.name === "string" &&
    (token.email === null || typeof token.email === "string") &&
    Array.isArray(token.roleValues) &&
    typeof token.signedInAt === "number"
  );
}
