import type { AuthOptions } from "next-auth";
import type { JWT } from "next-auth/jwt";
import CredentialsProvider from "next-auth/providers/credentials";
import type { OAuthConfig } from "next-auth/providers/oauth";
import type { Config } from "../config/config.ts";
import type { OidcSettings } from "../config/environment.ts";
import { log } from "../log.ts";
import { type AttemptLimit, createAttemptLimit } from "./attempt-limit.ts";
import { equalsInConstantTime } from "./constant-time.ts";
import { claimValues, relevantValues } from "./roles.ts";
import { findSandboxUser, SANDBOX_PASSWORD } from "./sandbox-users.ts";
import { IDLE_SECONDS, type SessionToken, sessionCookie } from "./session.ts";

type Profile = Readonly<Record<string, unknown>>;

/** What sign-in tells the record. */
export interface SignInEvent {
  action: "session.started" | "session.refused" | "session.ended";
  /** E-mail address, user id, or what was typed. */
  who: string;
  name: string;
  provider: string;
}

/** Auth.js as this process is configured; make it once, because it counts failed attempts. */
export function createAuthOptions(
  config: Pick<Config, "auth" | "access">,
  onEvent: (event: SignInEvent) => void,
  now: () => number = Date.now,
): AuthOptions {
  const { auth } = config;
  const cookie = sessionCookie(auth.url);
  const attempts = createAttemptLimit(10, 60_000, now);
  return {
    secret: auth.secret,
    useSecureCookies: cookie.options.secure,
    cookies: { sessionToken: cookie },
    session: { strategy: "jwt", maxAge: IDLE_SECONDS },
    jwt: { maxAge: IDLE_SECONDS },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    providers: [
      ...(auth.oidc ? [oidcProvider(auth.oidc)] : []),
      ...(auth.sandboxUsers ? [sandboxProvider(attempts, onEvent)] : []),
    ],
    callbacks: {
      jwt({ token, account, user, profile }) {
        // Without an account it is a renewal: what was said at sign-in stays as it was.
        if (!account) return token;
        return sessionToken(config, account.provider, user, (profile ?? {}) as Profile, now());
      },
      session: ({ session, token }) => ({ ...session, user: { name: token.name, email: token.email } }),
    },
    events: {
      signIn: ({ user, account }) =>
        onEvent({
          action: "session.started",
          who: user.email ?? user.id,
          name: user.name ?? "",
          provider: account?.provider ?? "",
        }),
      signOut: ({ token }) =>
        onEvent({
          action: "session.ended",
          who: String(token?.email ?? token?.sub ?? ""),
          name: String(token?.name ?? ""),
          provider: String(token?.provider ?? ""),
        }),
    },
    logger: {
      error: (code, metadata) => log.warn("Sign-in failed", { code, metadata }),
      warn: (code) => log.debug("Auth.js warns", { code }),
      debug: () => {},
    },
  };
}

function sessionToken(
  { auth, access }: Pick<Config, "auth" | "access">,
  provider: string,
  user: { id: string; name?: string | null; email?: string | null },
  profile: Profile,
  nowMs: number,
): JWT {
  const isSandbox = provider === "sandbox";
  const claim = isSandbox ? null : (auth.oidc?.roleClaim ?? null);
  const token: SessionToken = {
    sub: user.id,
    provider: isSandbox ? "sandbox" : "oidc",
    name: user.name ?? user.email ?? user.id,
    // An address that the provider has not verified could be anybody's.
    email: profile.email_verified === false ? null : (user.email?.toLowerCase() ?? null),
    roleValues: claim === null ? [] : relevantValues(claimValues(profile, claim), access),
    signedInAt: Math.floor(nowMs / 1000),
  };
  return token;
}

function oidcProvider(oidc: OidcSettings): OAuthConfig<Profile> {
  return {
    id: "oidc",
    name: oidc.name,
    type: "oauth",
    wellKnown: `${oidc.issuer}/.well-known/openid-configuration`,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    authorization: { params: { scope: oidc.scope } },
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    profile: (profile) => ({
      id: String(profile.sub),
      name: textOf(profile.name) ?? textOf(profile.preferred_username) ?? textOf(profile.email) ?? String(profile.sub),
      email: textOf(profile.email),
    }),
  };
}

function sandboxProvider(attempts: AttemptLimit, onEvent: (event: SignInEvent) => void) {
  return CredentialsProvider({
    id: "sandbox",
    name: "Sandbox",
    credentials: { username: { label: "User" }, password: { label: "Password", type: "password" } },
    authorize(credentials) {
      const typed = (credentials?.username ?? "").slice(0, 100);
      const user = findSandboxUser(typed);
      const key = user?.id ?? "nobody";
      const isOpen = attempts.isOpen(key);
      if (isOpen && user && equalsInConstantTime(credentials?.password ?? "", SANDBOX_PASSWORD)) {
        attempts.succeed(key);
        return { id: user.id, name: user.name, email: user.email };
      }
      if (isOpen) attempts.fail(key);
      onEvent({ action: "session.refused", who: typed, name: typed, provider: "sandbox" });
      if (!isOpen) throw new Error("TooManyAttempts");
      return null;
    },
  });
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
