import { z } from "zod";
import { findAbortBlockers } from "../domain/action-rules.ts";
import { type DeploymentStatus, isInFlight } from "../domain/deployment.ts";
import { requestAbort } from "../domain/deployment-transitions.ts";
import { changeDeployment } from "./change-deployment.ts";
import type { Context } from "./context.ts";
import { fields } from "./input.ts";
import { type Operated, operate } from "./operate.ts";

/** What the operation takes. */
export const abortInput = z.object({ deploymentId: fields.deploymentId, comment: fields.comment });

/** Ending or ended with the old side live. */
const ABORTED: ReadonlySet<DeploymentStatus> = new Set([
  "STOP_REQUESTED",
  "STOPPED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
  "ROLLBACK_SUCCESSFUL",
]);

/**
 * Ends a deployment with the old side live: before the shift it stops, after it it turns round. Twice is once, also when it
 * has ended so by then.
 */
export function abortDeployment(ctx: Context, input: unknown): Promise<Operated> {
  return operate(ctx, input, {
    verb: "abort",
    schema: abortInput,
    run(operating) {
      const { comment } = operating.input;
      const words = `Aborted by ${operating.ctx.identity.name}${comment ? `: ${comment}` : ""}`;
      return changeDeployment(operating, {
        step: "abort",
        words,
        blockers: (newest) => findAbortBlockers({ deployment: isInFlight(newest) ? newest : null }),
        change: (newest) => requestAbort(newest, words),
        isDone: ({ status }) => ABORTED.has(status),
      });
    },
  });
}
