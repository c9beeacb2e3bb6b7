import { currentConfig } from "../config/current-config.ts";
import type { ApiToken } from "../domain/access/api-token.ts";
import { BOOTSTRAP_TOKEN_NAME } from "../domain/access/person-name.ts";
import type { Identity } from "../domain/access/role.ts";
import { currentAccessCache } from "./access-cache.ts";
import { hashOfSecret, identityOfToken, isTokenSecret } from "./api-token.ts";
import { equalsInConstantTime } from "./constant-time.ts";
import { type AuthSettings, identityOfSession, isWithin, readSession } from "./session.ts";

/** Who sends a request and by what; `via` is null when it carries neither token nor session. */
export interface RequestIdentity {
  identity: Identity | null;
  via: Identity["via"] | null;
  /** Who the same request's sender is by now, for what stays open; null when the way in is closed. */
  again?: () => Promise<Identity | null>;
}

/** The bearer of SWITCHYARD_API_TOKEN: every role, for the first set-up and for tests. */
const TOKEN_IDENTITY: Identity = { id: "bootstrap-token", name: BOOTSTRAP_TOKEN_NAME, role: "admin", via: "token" };

/** Looks up a token that an admin made by the hash of its secret, and the time it is judged at. */
export interface TokenLookup {
  find(hash: string): Promise<ApiToken | null>;
  now(): number;
}

/** Who sends this request. A request with an Authorization header is judged by that alone: a wrong token never falls back to a session. */
export async function identityOf(
  request: Request,
  config: AuthSettings = currentConfig(),
  nowMs: number = Date.now(),
  tokens: TokenLookup | null = null,
): Promise<RequestIdentity> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const sent = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
    if (tokens && sent !== undefined && isTokenSecret(sent)) {
      const look = async () => {
        const token = await tokens.find(hashOfSecret(sent));
        return token && identityOfToken(token, tokens.now());
      };
      return { identity: await look(), via: "token", again: look };
    }
    const { apiToken } = config.auth;
    const isRight = sent !== undefined && apiToken !== null && equalsInConstantTime(sent, apiToken);
    return { identity: isRight ? TOKEN_IDENTITY : null, via: "token" };
  }
  const token = await readSession(cookiesOf(request), config, nowMs);
  if (token === null) return { identity: null, via: null };
  const identity = identityOfSession(token, config);
  if (identity) currentAccessCache().noteUse(token.sid);
  return {
    identity,
    via: "session",
    again: async () => (isWithin(token, Date.now()) ? identityOfSession(token, config) : null),
  };
}

function cookiesOf(request: Request) {
  const pairs = (request.headers.get("cookie") ?? "").split(/; */).map((pair) => {
    const at = pair.indexOf("=");
    return { name: pair.slice(0, at).trim(), value: pair.slice(at + 1) };
  });
  return { getAll: () => pairs };
}
