import type { Deployment } from "../deployment/deployment.ts";
import { failStage } from "../deployment/deployment-transitions.ts";
import { failureEvidence } from "../rules/scale-up-rules.ts";
import type { Told } from "../sentence/told.ts";
import type { Decision, World } from "./decision.ts";

/** The record changes, and the journal says why. */
export function change(deployment: Deployment, note: Told): Decision {
  return { kind: "change", deployment, note };
}

/** The stage failed before any traffic moved: what the side left behind is kept, and the deployment stops. */
export function fail(deployment: Deployment, world: World, why: Told): Decision {
  return change(failStage(deployment, why, failureEvidence(world.observation, deployment), world.now), why);
}
