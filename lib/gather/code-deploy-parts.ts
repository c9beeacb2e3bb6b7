import type { CodeDeployReading, CodeDeployTarget } from "../aws/code-deploy-readings.ts";
import type { Revision, SlotColor } from "../domain/observation/slot.ts";

/** A deployment of CodeDeploy's with all that is known around it. */
export interface CodeDeployParts {
  reading: CodeDeployReading;
  /** Null while it has no target. */
  target: CodeDeployTarget | null;
  /** The deployment that rolls it back; null where there is none, or it was not read yet. */
  rollback: { reading: CodeDeployReading; target: CodeDeployTarget | null } | null;
  revision: Revision | null;
  /** Names of the sides' target groups. */
  groups: Record<SlotColor, string>;
  now: number;
}
