import { z } from "zod";
import { type DeploymentStatus, isInFlight } from "../domain/deployment/deployment.ts";
import { requestAbort } from "../domain/deployment/deployment-transitions.ts";
import { findAbortBlockers } from "../domain/rules/action-rules.ts";
import type { Context } from "../request/context.ts";
import { fields } from "../request/input.ts";
import { type Operated, operate } from "../request/operate.ts";
import { changeDeployment } from "./change-deployment.ts";

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
