import { type DeploymentStatus, isInFlight } from "../domain/deployment/deployment.ts";
import { requestAbort } from "../domain/deployment/deployment-transitions.ts";
import { findAbortBlockers } from "../domain/rules/action-rules.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onDeployment } from "../request/judge.ts";
import { defineOperation } from "../request/operate.ts";
import { changeDeployment } from "./change-deployment.ts";
import { saidBy } from "./said-by.ts";

/** What the operation takes. */
export const abortInput = membersOnly({ deploymentId: fields.deploymentId, comment: fields.comment });

/** Ending or ended with the old side live. */
const ABORTED: ReadonlySet<DeploymentStatus> = new Set([
  "STOP_REQUESTED",
  "STOPPED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
  "ROLLBACK_SUCCESSFUL",
]);

/**
 * Ends a deployment with the old side live: before the shift it stops, afterwards it rolls back. Twice is once, also when it
 * has ended so by then.
 */
export const abortDeployment = defineOperation({
  verb: "abort",
  schema: abortInput,
  scope: onDeployment,
  run(operating) {
    const { comment } = operating.input;
    const words = saidBy("aborted", operating.ctx.identity, comment);
    return changeDeployment(operating, {
      step: "abort",
      words,
      blockers: (newest) => findAbortBlockers({ deployment: isInFlight(newest) ? newest : null }),
      change: (newest) => requestAbort(newest, words),
      isDone: ({ status }) => ABORTED.has(status),
    });
  },
});
