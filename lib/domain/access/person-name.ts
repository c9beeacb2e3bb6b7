import { say } from "../sentence/sentence.ts";
import type { Told } from "../sentence/told.ts";

/** What the record calls the bearer of SWITCHYARD_API_TOKEN, in every language. */
export const BOOTSTRAP_TOKEN_NAME = "Bootstrap token";

/** A name as people read it: those that Switchyard gave are told in the reader's language, all others are as they are. */
export function nameSaid(name: string): Told {
  return name === BOOTSTRAP_TOKEN_NAME ? say("told.bootstrapToken") : name;
}
