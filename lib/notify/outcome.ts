import type { Told } from "../domain/sentence/told.ts";

/** How one try to deliver went. Errors name codes and hosts, never an address with a secret in it. */
export type Outcome =
  | { kind: "delivered" }
  /** Tried again later, no sooner than the endpoint asks. */
  | { kind: "retry"; error: Told; retryAfterMs?: number }
  /** It will not take this one, however often it is asked. */
  | { kind: "refused"; error: Told };
