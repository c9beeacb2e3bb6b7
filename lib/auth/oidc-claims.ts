import type { OAuthConfig } from "next-auth/providers/oauth";
import { log } from "../log.ts";

type Claims = Readonly<Record<string, unknown>>;
type Request = Exclude<OAuthConfig<Claims>["userinfo"], string | undefined>["request"];

/** How long a provider may take to answer what it knows of a person. */
const WITHIN_MS = 10_000;

/**
 * What the provider says of a person: the ID token's claims and, because many providers put groups and addresses nowhere else, those of
 * its userinfo endpoint. A userinfo endpoint that fails leaves the ID token's.
 */
export const claimsOfPerson: NonNullable<Request> = async ({ tokens, client }) => {
  const own: Claims = "claims" in tokens && typeof tokens.claims === "function" ? tokens.claims() : {};
  const { issuer } = client;
  if (!issuer.metadata.userinfo_endpoint || !tokens.access_token) return { ...own, sub: String(own.sub) };
  try {
    // The library refuses an answer about somebody else than the ID token's subject.
    const asked = await Promise.race([client.userinfo(tokens as Parameters<typeof client.userinfo>[0]), late()]);
    return { ...mergeClaims(own, asked), sub: String(own.sub) };
  } catch (error) {
    log.warn("The provider's userinfo endpoint did not answer as expected; only the ID token's claims count", {
      endpoint: issuer.metadata.userinfo_endpoint,
      error: error instanceof Error ? error.message : String(error),
    });
    return { ...own, sub: String(own.sub) };
  }
};

/**
 * The ID token's claims, which are signed, before userinfo's; an address is verified only by whoever names that address, and when
 * the person proved who they are only the ID token says.
 */
export function mergeClaims(own: Claims, asked: Claims): Claims {
  const { email, email_verified, auth_time: _unsigned, ...rest } = asked;
  if (own.email !== undefined) return { ...rest, ...(own.email === email ? { email_verified } : {}), ...own };
  const { email_verified: _ofNone, ...signed } = own;
  return { ...rest, ...(email === undefined ? {} : { email, email_verified }), ...signed };
}

function late(): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`No answer within ${WITHIN_MS} ms`)), WITHIN_MS).unref();
  });
}
