import { decideBreach } from "../decide/decide-breach.ts";
import { findExternalChange } from "../decide/decide-external-change.ts";
import type { World } from "../decide/decision.ts";
import type { Deployment } from "../deployment/deployment.ts";
import { findUnfinished } from "./late-rollback.ts";

/** In these the new side has traffic and its figures are watched. */
const WATCHED = new Set(["PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME"]);

/**
 * The figure for which a deployment is rolled back while the database is away, by the record as it was last read and a look of now;
 * null while all hold, where somebody else moved the traffic, and where it is being rolled back already.
 */
export function findLateBreach(deployment: Deployment, world: World): NonNullable<Deployment["breach"]> | null {
  if (deployment.status !== "IN_PROGRESS" || !WATCHED.has(deployment.stage) || findUnfinished(deployment)) return null;
  if (findExternalChange(deployment, world)) return null;
  const decision = decideBreach(deployment, world);
  if (decision?.kind !== "change") return null;
  // The old side's figures before the shift are kept first, which here only the next question needs.
  const next = decision.deployment.breach ? decision : decideBreach(decision.deployment, world);
  return next?.kind === "change" ? (next.deployment.breach ?? null) : null;
}
