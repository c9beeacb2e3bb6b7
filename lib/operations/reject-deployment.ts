import { hasSaid } from "../domain/deployment/approval.ts";
import { withRejection } from "../domain/deployment/approval-transitions.ts";
import { isInFlight } from "../domain/deployment/deployment.ts";
import { findRejectionBlockers } from "../domain/rules/action-rules.ts";
import { fields, membersOnly } from "../request/input.ts";
import { onDeployment } from "../request/judge.ts";
import { defineOperation } from "../request/operate.ts";
import { changeDeployment } from "./change-deployment.ts";
import { saidBy } from "./said-by.ts";

/** What the operation takes. */
export const rejectInput = membersOnly({ deploymentId: fields.deploymentId, comment: fields.comment });

/** Ends a deployment that waits before its production shift; live was never touched. One no is enough. Twice is once. */
export const rejectDeployment = defineOperation({
  verb: "reject",
  schema: rejectInput,
  scope: onDeployment,
  run(operating) {
    const { ctx: asked, input: given } = operating;
    const words = saidBy("rejected", asked.identity, given.comment);
    const approval = {
      actor: asked.identity.id,
      ...(asked.identity.people ? { people: asked.identity.people } : {}),
      name: asked.identity.name,
      decision: "rejected",
      at: asked.runtime.now(),
      ...(given.comment ? { comment: given.comment } : {}),
    } as const;
    return changeDeployment(operating, {
      step: "reject",
      words,
      blockers: (newest) => findRejectionBlockers({ deployment: isInFlight(newest) ? newest : null }),
      change: (newest) => withRejection(newest, approval, words),
      isDone: (newest) =>
        hasSaid(
          newest.approvals.filter(({ decision }) => decision === "rejected"),
          asked.identity,
        ),
    });
  },
});
