import { cookies } from "next/headers";
import { currentConfig } from "../config/current-config.ts";
import type { Identity } from "../domain/role.ts";
import { identityOfSession, readSession } from "./session.ts";

/** Who asks for the page or calls the server action; null without a session. */
export async function currentIdentity(): Promise<Identity | null> {
  const config = currentConfig();
  const token = await readSession(await cookies(), config, Date.now());
  return token && identityOfSession(token, config);
}
