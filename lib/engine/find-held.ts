import type { Deployment } from "../domain/deployment/deployment.ts";
import { driftSaid } from "../domain/drift/drift-words.ts";
import { findFreeze, freezeSaid } from "../domain/rules/freeze.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Told } from "../domain/sentence/told.ts";
import type { Store } from "../store/store.ts";

/** Why traffic must not move forward now, a freeze or a drift; asked only where it is about to, and null elsewhere. */
export async function findHeld(
  deployment: Deployment,
  store: Pick<Store, "listFreezes" | "findLedger">,
  now: number,
): Promise<Told | null> {
  if (!isAboutToShift(deployment)) return null;
  const { application, override } = deployment;
  const freeze = findFreeze(await store.listFreezes(now, application), application, now);
  if (freeze || override) return freeze && freezeSaid(freeze);
  const drift = (await store.findLedger(application))?.drifts.find(({ blocks }) => blocks);
  return drift ? say("step.driftNotAcknowledged", { drift: driftSaid(drift) }) : null;
}

/** At the production shift, or approved and about to reach it. A rollback is held up by nothing of this. */
function isAboutToShift({ kind, stage, status, approval }: Deployment): boolean {
  if (kind === "ROLLBACK" || status !== "IN_PROGRESS") return false;
  const isApproved = approval?.state === "approved" || approval?.state === "continued";
  return stage === "PRODUCTION_TRAFFIC_SHIFT" || (stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" && isApproved);
}
