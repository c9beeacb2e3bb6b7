import type { Config } from "../config/config.ts";

/** What a page may load and do: its own scripts by this request's nonce, and nothing from elsewhere. */
export function contentSecurityPolicy(
  nonce: string,
  { url, oidc }: Pick<Config["auth"], "url" | "oidc">,
  isDevelopment: boolean,
): string {
  const directives = {
    "default-src": "'none'",
    // React needs eval for its error overlay, in development only.
    "script-src": `'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    // Style attributes are how widths of bars and rows of the virtualised log reach the page; no style element without the nonce.
    "style-src": isDevelopment ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`,
    "style-src-attr": "'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": isDevelopment ? "'self' ws:" : "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    // A form that posts to the sign-in route may be sent on to the provider.
    "form-action": oidc ? `'self' ${new URL(oidc.issuer).origin}` : "'self'",
    "frame-ancestors": "'none'",
  };
  const all = Object.entries(directives).map(([name, value]) => `${name} ${value}`);
  if (url.startsWith("https://")) all.push("upgrade-insecure-requests");
  return all.join("; ");
}
