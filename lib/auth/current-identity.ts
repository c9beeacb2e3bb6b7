import { cookies } from "next/headers";
import { currentConfig } from "../config/current-config.ts";
import type { Identity } from "../domain/access/role.ts";
import { currentAccessCache } from "./access-cache.ts";
import type { HeldRole } from "./roles.ts";
import { identityOfSession, readSession, rolesOfSession } from "./session.ts";

/** Who asks for the page or calls the server action; null without a session. */
export async function currentIdentity(): Promise<Identity | null> {
  // Cookies first: they tell Next, while it builds, that the page has to wait for a request.
  const jar = await cookies();
  const config = currentConfig();
  const token = await readSession(jar, config, Date.now());
  if (!token) return null;
  const identity = identityOfSession(token, config);
  if (identity) currentAccessCache().noteUse(token.sid);
  return identity;
}

/** Every role that who asks for the page holds, each with its source. */
export async function currentRoles(): Promise<HeldRole[]> {
  const jar = await cookies();
  const config = currentConfig();
  const token = await readSession(jar, config, Date.now());
  return (token && rolesOfSession(token, config)) ?? [];
}
