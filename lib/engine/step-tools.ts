import type { Controller } from "../controllers/controller.ts";
import type { Application } from "../domain/application/application.ts";
import type { Deployment } from "../domain/deployment/deployment.ts";
import type { Observation } from "../domain/observation/observation.ts";
import type { Told } from "../domain/sentence/told.ts";
import type { LastLines, RequestEvidence } from "../logs/evidence.ts";

/** What one step came to: how the record changes and what the journal says of it. */
export interface StepOutcome {
  change: (deployment: Deployment, now: number) => Deployment;
  message: Told;
  requestId: string | null;
}

/** What steps are done with. */
export interface StepTools {
  controller: Controller;
  application: Application;
  observation: Observation;
  requests: RequestEvidence;
  lines: LastLines;
  now: () => number;
}
