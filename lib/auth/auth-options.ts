import { randomUUID } from "node:crypto";
import type { AuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import type { OAuthConfig } from "next-auth/providers/oauth";
import type { OidcSettings } from "../config/environment.ts";
import { foldAddress } from "../domain/access/address.ts";
import { IDLE_SECONDS } from "../domain/access/person-session.ts";
import { log } from "../log.ts";
import { type AccessCache, currentAccessCache } from "./access-cache.ts";
import { equalsInConstantTime } from "./constant-time.ts";
import { claimsOfPerson } from "./oidc-claims.ts";
import { claimValues, relevantValues } from "./roles.ts";
import { findSandboxUser, SANDBOX_PASSWORD } from "./sandbox-users.ts";
import { type AuthSettings, isSessionToken, isWithin, markOf, type SessionToken, sessionCookie } from "./session.ts";
import type { SignInLimits } from "./sign-in-limits.ts";

type Profile = Readonly<Record<string, unknown>>;

/** What sign-in tells the record. */
export interface SignInEvent {
  action: "session.started" | "session.refused" | "session.ended";
  /** E-mail address, user id, or what was typed. */
  who: string;
  name: string;
  provider: string;
  /** The session that began or ended; null where there is none. */
  session: { id: string; personId: string; startedAt: number } | null;
}

/** What Auth.js is made from for one request. */
export interface AuthOptionsInput {
  config: AuthSettings;
  /** Kept for the process: it counts failed attempts. */
  limits: SignInLimits;
  /** Where the request comes from; null when not known. */
  address: string | null;
  onEvent: (event: SignInEvent) => void;
  cache?: AccessCache;
  now?: () => number;
}

/** Auth.js as this process is configured. */
export function createAuthOptions(input: AuthOptionsInput): AuthOptions {
  const { config, onEvent, cache = currentAccessCache(), now = Date.now } = input;
  const { auth } = config;
  const cookie = sessionCookie(auth.url);
  return {
    secret: auth.secret,
    useSecureCookies: cookie.options.secure,
    cookies: { sessionToken: cookie, ...passingCookies(cookie.options) },
    session: { strategy: "jwt", maxAge: IDLE_SECONDS },
    jwt: { maxAge: IDLE_SECONDS },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in" },
    providers: [
      ...(auth.oidc ? [oidcProvider(auth.oidc)] : []),
      ...(auth.sandboxUsers ? [sandboxProvider(input)] : []),
    ],
    callbacks: {
      jwt({ token, account, user, profile }) {
        // Without an account it is a renewal: what was said at sign-in stays as it was.
        if (!account) return token;
        const made = sessionToken(config, cache, account.provider, user, (profile ?? {}) as Profile, now());
        onEvent({
          action: "session.started",
          who: markOf(made).personId,
          name: user.name ?? "",
          provider: account.provider,
          session: markOf(made),
        });
        return made;
      },
      session({ session, token }) {
        const isOpen = isSessionToken(token) && isWithin(token, now()) && !cache.isEnded(markOf(token));
        // Pages ask here whether they are signed in; to Auth.js a session that was ended is a good cookie like any other.
        if (!isOpen) return {} as typeof session;
        return { ...session, user: { name: token.name, email: token.email } };
      },
    },
    events: {
      signOut: ({ token }) =>
        onEvent({
          action: "session.ended",
          who: String(token?.email ?? token?.sub ?? ""),
          name: String(token?.name ?? ""),
          provider: String(token?.provider ?? ""),
          session: isSessionToken(token) ? markOf(token) : null,
        }),
    },
    logger: {
      error: (code, metadata) => log.warn("Sign-in failed", { code, metadata }),
      warn: (code) => log.debug("Auth.js warns", { code }),
      debug: () => {},
    },
  };
}

/** How long somebody may take at the provider, in seconds; as Auth.js has it. */
const AT_PROVIDER_SECONDS = 15 * 60;

/** What Auth.js keeps while somebody signs in: over https bound to the very host, which its own names are not. */
function passingCookies(options: ReturnType<typeof sessionCookie>["options"]): AuthOptions["cookies"] {
  if (!options.secure) return {};
  const cookie = (name: string, maxAge?: number) => ({
    name: `__Host-next-auth.${name}`,
    options: { ...options, ...(maxAge === undefined ? {} : { maxAge }) },
  });
  return {
    callbackUrl: cookie("callback-url"),
    csrfToken: cookie("csrf-token"),
    state: cookie("state", AT_PROVIDER_SECONDS),
    nonce: cookie("nonce", AT_PROVIDER_SECONDS),
    pkceCodeVerifier: cookie("pkce.code_verifier", AT_PROVIDER_SECONDS),
  };
}

function sessionToken(
  settings: AuthSettings,
  cache: AccessCache,
  provider: string,
  user: { id: string; name?: string | null; email?: string | null },
  profile: Profile,
  nowMs: number,
): SessionToken {
  const isSandbox = provider === "sandbox";
  const claim = isSandbox ? null : (settings.auth.oidc?.roleClaim ?? null);
  const now = Math.floor(nowMs / 1000);
  const { auth_time: provedAt } = profile;
  const said = isSandbox || isVerified(profile, settings.auth.oidc);
  // As the provider wrote it: Auth.js has made every letter small by JavaScript's rules.
  const address = said ? textOf(isSandbox ? user.email : profile.email) : null;
  return {
    sub: user.id,
    provider: isSandbox ? "sandbox" : "oidc",
    name: (user.name ?? user.email ?? user.id).normalize("NFC"),
    email: address === null ? null : foldAddress(address),
    roleValues: claim === null ? [] : relevantValues(claimValues(profile, claim), settings, cache.grants()),
    sid: randomUUID(),
    signedInAt: now,
    // A provider keeps sessions of its own, so without its word the person may have proved who they are at any time.
    authenticatedAt: isSandbox ? now : typeof provedAt === "number" ? Math.min(now, Math.floor(provedAt)) : 0,
  };
}

/** An address that the provider has not verified could be anybody's: only its own true counts, or that it is known never to say. */
function isVerified({ email_verified: said }: Profile, oidc: OidcSettings | null): boolean {
  return said === true || (said === undefined && oidc?.assumesVerifiedEmail === true);
}

function oidcProvider(oidc: OidcSettings): OAuthConfig<Profile> {
  return {
    id: "oidc",
    name: oidc.name ?? "OpenID Connect",
    type: "oauth",
    wellKnown: `${oidc.issuer}/.well-known/openid-configuration`,
    clientId: oidc.clientId,
    clientSecret: oidc.clientSecret,
    // Asked for how long ago, a provider has to say when the person proved who they are.
    authorization: { params: { scope: oidc.scope, max_age: 0 } },
    idToken: true,
    userinfo: { request: claimsOfPerson },
    checks: ["pkce", "state", "nonce"],
    profile: (profile) => ({
      id: String(profile.sub),
      name: textOf(profile.name) ?? textOf(profile.preferred_username) ?? textOf(profile.email) ?? String(profile.sub),
      email: textOf(profile.email),
    }),
  };
}

function sandboxProvider({ limits, address, onEvent }: AuthOptionsInput) {
  return CredentialsProvider({
    id: "sandbox",
    name: "Sandbox",
    credentials: { username: { label: "User" }, password: { label: "Password", type: "password" } },
    authorize(credentials) {
      const typed = (credentials?.username ?? "").slice(0, 100);
      const user = findSandboxUser(typed);
      const key = user?.id ?? "nobody";
      const isOpen = limits.mayTry(key, address);
      if (isOpen && user && equalsInConstantTime(credentials?.password ?? "", SANDBOX_PASSWORD)) {
        limits.succeed(key);
        return { id: user.id, name: user.name, email: user.email };
      }
      if (isOpen) limits.fail(key, address);
      onEvent({ action: "session.refused", who: typed, name: typed, provider: "sandbox", session: null });
      if (!isOpen) throw new Error("TooManyAttempts");
      return null;
    },
  });
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
