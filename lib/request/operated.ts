import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Refusal } from "./refusal.ts";

/** What an operation answers: the deployment it started or changed, or why not. */
export type Operated<E = never> =
  /** `isLate` when it was done without the database: its audit row waits with its record. */
  { ok: true; value: Deployment; isLate?: boolean } | Refusal<E>;
