import { currentConfig } from "../config/current-config.ts";
import type { Role } from "../domain/access/role.ts";
import { SANDBOX_USERS } from "./sandbox-users.ts";

/** What the sign-in page offers. */
export interface SignInChoices {
  /** Where people are meant to open it. */
  url: string;
  /** Null outside the sandbox. Their provider is "sandbox", with fields `username` and `password` ("sandbox"). */
  sandboxUsers: { id: string; name: string; role: Role | null }[] | null;
  /** Each with the id that `signIn` takes and the name on its button; null for the usual one. */
  providers: { id: string; name: string | null }[];
}

/** Every way in that the settings allow. */
export function signInChoices(): SignInChoices {
  const { auth } = currentConfig();
  return {
    url: auth.url,
    sandboxUsers: auth.sandboxUsers ? SANDBOX_USERS.map(({ id, name, role }) => ({ id, name, role })) : null,
    providers: auth.oidc ? [{ id: "oidc", name: auth.oidc.name }] : [],
  };
}
