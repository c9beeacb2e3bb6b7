import { createRemoteJWKSet, decodeJwt, errors, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { PipelineIssuer } from "../config/pipelines-config.ts";
import type { Identity } from "../domain/access/role.ts";
import { type Sentence, say } from "../domain/sentence/sentence.ts";
import { cutText } from "../domain/text/cut-text.ts";
import { identityOfPipeline, type PipelineApplication } from "./pipeline-rules.ts";

/** What a pipeline's token came to. */
export type PipelineEntry =
  /** `endsAt` is when the token is over, in epoch ms. */
  | { kind: "identity"; identity: Identity; endsAt: number }
  /** Why not, for the audit: never said to the caller, who may be anybody. */
  | { kind: "refused"; why: Sentence }
  /** The issuer's keys cannot be read, which says nothing about the token. */
  | { kind: "unavailable"; why: Sentence };

/** Lets pipelines in by tokens that their own runner signs, so that none has to store a secret. */
export interface OidcExchange {
  enter(token: string): Promise<PipelineEntry>;
}

/** Clocks differ. */
const TOLERANCE_SECONDS = 30;
const MOST_CHARACTERS = 8_192;
const ANSWER_WITHIN_MS = 5_000;
const KEYS_KEPT_MS = 10 * 60_000;
/** An unknown key id asks the issuer at most this often, however many tokens name one; so does one that is down. */
const ASK_AGAIN_MS = 30_000;

/** Whether a bearer could be a JSON Web Token at all. */
export function isJwt(bearer: string): boolean {
  return bearer.length <= MOST_CHARACTERS && /^[\w-]+\.[\w-]+\.[\w-]*$/.test(bearer);
}

/** One a process, because it keeps the issuers' keys. */
export function createOidcExchange(deps: {
  issuers: readonly PipelineIssuer[];
  audience: string;
  applications: readonly PipelineApplication[];
  /** Addresses of people by what an issuer calls them; nobody when left out. */
  people?: Readonly<Record<string, string>>;
  now: () => number;
  askAgainMs?: number;
}): OidcExchange {
  const { issuers, audience, applications, people = {}, now, askAgainMs = ASK_AGAIN_MS } = deps;
  const keysOf = new Map(issuers.map((issuer) => [issuer.name, createKeys(issuer, askAgainMs)]));
  return {
    async enter(token) {
      const claimed = issuerOf(token);
      const issuer = issuers.find((each) => each.issuer === claimed);
      const keys = issuer && keysOf.get(issuer.name);
      if (!issuer || !keys) return { kind: "refused", why: say("rest.tokenIssuer") };
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer: issuer.issuer,
          audience,
          algorithms: issuer.algorithms,
          requiredClaims: ["sub", "exp", "iat"],
          clockTolerance: TOLERANCE_SECONDS,
          currentDate: new Date(now()),
        });
        const identity = identityOfPipeline(issuer.name, payload, applications, people);
        if (identity) return { kind: "identity", identity, endsAt: (payload.exp ?? 0) * 1000 };
        return {
          kind: "refused",
          why: say("rest.tokenNoRule", { issuer: issuer.name, subject: cutText(String(payload.sub), 200) }),
        };
      } catch (error) {
        if (error instanceof KeysUnavailable || error instanceof errors.JWKSTimeout)
          return { kind: "unavailable", why: say("rest.tokenKeys", { issuer: issuer.name }) };
        if (error instanceof errors.JOSEError)
          return { kind: "refused", why: say("rest.tokenOf", { issuer: issuer.name, why: error.message }) };
        throw error;
      }
    },
  };
}

class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
}

/** The issuer's published keys, asked for when a token names one that is not known; a failure is remembered for a while. */
function createKeys(issuer: PipelineIssuer, askAgainMs: number): JWTVerifyGetKey {
  let set: Promise<ReturnType<typeof createRemoteJWKSet>> | null = null;
  let failedAt: number | null = null;
  return async (header, token) => {
    if (failedAt !== null && performance.now() - failedAt < askAgainMs) throw new KeysUnavailable(issuer.name);
    try {
      set ??= keysAddressOf(issuer).then((url) =>
        createRemoteJWKSet(url, {
          timeoutDuration: ANSWER_WITHIN_MS,
          cooldownDuration: askAgainMs,
          cacheMaxAge: KEYS_KEPT_MS,
        }),
      );
      const key = await (await set)(header, token);
      failedAt = null;
      return key;
    } catch (error) {
      // Anything that is not about the token itself: no connection, an error page, no JSON.
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      if (error instanceof errors.JOSENotSupported) throw error;
      set = null;
      failedAt = performance.now();
      throw new KeysUnavailable(issuer.name, { cause: error });
    }
  };
}

async function keysAddressOf({ issuer, jwksUri }: PipelineIssuer): Promise<URL> {
  if (jwksUri !== null) return new URL(jwksUri);
  const response = await fetch(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`, {
    redirect: "error",
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  });
  if (!response.ok) throw new Error(`It answered ${response.status}`);
  const { issuer: named, jwks_uri: address } = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer || typeof address !== "string") throw new Error("Its openid-configuration is of another issuer");
  return new URL(address);
}

/** As the token says it, unverified: it only chooses whose keys are asked. */
function issuerOf(token: string): string | null {
  try {
    return decodeJwt(token).iss ?? null;
  } catch {
    return null;
  }
}
