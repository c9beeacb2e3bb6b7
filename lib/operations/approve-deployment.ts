import { z } from "zod";
import { findApprovalBlockers } from "../domain/action-rules.ts";
import { isInFlight } from "../domain/deployment.ts";
import { changeDeployment } from "./change-deployment.ts";
import type { Context } from "./context.ts";
import { fields } from "./input.ts";
import { type Operated, operate } from "./operate.ts";

/** What the operation takes. */
export const approveInput = z.object({ deploymentId: fields.deploymentId, comment: fields.comment });

/** Puts one's name to a release that waits before its production shift; the same person twice is once. */
export function approveDeployment(ctx: Context, input: unknown): Promise<Operated> {
  return operate(ctx, input, {
    verb: "approve",
    schema: approveInput,
    run(operating) {
      const { ctx: asked, input: given } = operating;
      const actor = asked.identity.id;
      const approval = {
        actor,
        decision: "approved",
        at: asked.runtime.now(),
        ...(given.comment ? { comment: given.comment } : {}),
      } as const;
      return changeDeployment(operating, {
        step: "approve",
        words: `Approved by ${asked.identity.name}${given.comment ? `: ${given.comment}` : ""}`,
        blockers: (newest) => findApprovalBlockers({ deployment: isInFlight(newest) ? newest : null }),
        change: (newest) => ({ ...newest, approvals: [...newest.approvals, approval] }),
        isDone: (newest) => newest.approvals.some((a) => a.actor === actor && a.decision === "approved"),
      });
    },
  });
}
