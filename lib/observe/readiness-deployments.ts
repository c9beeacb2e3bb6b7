import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Look } from "../domain/readiness/look.ts";
import type { DeploymentFact } from "../domain/readiness/readiness-facts.ts";
import type { Store } from "../store/store.ts";

const LOOKED_AT = 50;

/** The newest deployments of the record, for readiness; one that is away is said, and stands in nobody's way. */
export async function readDeploymentFacts(
  store: Pick<Store, "listDeployments">,
  application: string,
): Promise<Look<readonly DeploymentFact[]>> {
  try {
    const { items } = await store.listDeployments(application, { limit: LOOKED_AT });
    return { state: "seen", value: items.map(toFact) };
  } catch {
    return { state: "not seen", why: "the database does not answer" };
  }
}

function toFact({ id, status, kind, actor, startedAt, finishedAt, stages }: Deployment): DeploymentFact {
  const hasShifted = stages.some(
    ({ stage, status: how }) => stage === "PRODUCTION_TRAFFIC_SHIFT" && how === "SUCCEEDED",
  );
  return { id, status, kind, byPipeline: actor.via === "token", hasShifted, startedAt, finishedAt };
}
