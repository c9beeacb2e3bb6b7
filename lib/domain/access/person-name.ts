import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";

/** What the record calls the bearer of SWITCHYARD_API_TOKEN, in every language. */
export const BOOTSTRAP_TOKEN_NAME = "Bootstrap token";

/**
 * A name as people read it: those that Switchyard gave are told in the reader's language, a token's as a token's where it is known to
 * be one (Korean gives a person an honorific and a machine none), all others are as they are.
 */
export function nameSaid(name: string, via?: "session" | "token" | "engine"): Told {
  if (name === BOOTSTRAP_TOKEN_NAME) return say("told.bootstrapToken");
  return via === "token" ? say("told.token", { name }) : name;
}
