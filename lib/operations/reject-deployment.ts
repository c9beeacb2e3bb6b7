import { z } from "zod";
import { withRejection } from "../domain/deployment/approval-transitions.ts";
import { isInFlight } from "../domain/deployment/deployment.ts";
import { findRejectionBlockers } from "../domain/rules/action-rules.ts";
import type { Context } from "../request/context.ts";
import { fields } from "../request/input.ts";
import { type Operated, operate } from "../request/operate.ts";
import { changeDeployment } from "./change-deployment.ts";

/** What the operation takes. */
export const rejectInput = z.object({ deploymentId: fields.deploymentId, comment: fields.comment });

/** Ends a deployment that waits before its production shift; live was never touched. One no is enough. Twice is once. */
export function rejectDeployment(ctx: Context, input: unknown): Promise<Operated> {
  return operate(ctx, input, {
    verb: "reject",
    schema: rejectInput,
    run(operating) {
      const { ctx: asked, input: given } = operating;
      const actor = asked.identity.id;
      const words = `Rejected by ${asked.identity.name}${given.comment ? `: ${given.comment}` : ""}`;
      const approval = {
        actor,
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
        isDone: (newest) => newest.approvals.some((a) => a.actor === actor && a.decision === "rejected"),
      });
    },
  });
}
