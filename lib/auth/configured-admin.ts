import type { Config } from "../config/config.ts";

/** Whether the settings alone make somebody an admin of everything, whatever is granted or revoked on the access page. */
export function hasConfiguredAdmin({ access, auth }: Pick<Config, "access" | "auth">): boolean {
  const { addresses, claims } = access.admin;
  // Of a claim that nobody named it is not known whether anybody has it.
  const byClaim = auth.oidc !== null && auth.oidc.roleClaim !== null && claims.length > 0;
  return auth.sandboxUsers || byClaim || (auth.oidc !== null && addresses.length > 0);
}
