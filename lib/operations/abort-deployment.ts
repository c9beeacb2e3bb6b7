import { z } from "zod";
import { findAbortBlockers } from "../domain/action-rules.ts";
import { isInFlight } from "../domain/deployment.ts";
import { requestAbort } from "../domain/deployment-transitions.ts";
import { changeDeployment } from "./change-deployment.ts";
import type { Context } from "./context.ts";
import { fields } from "./input.ts";
import { type Operated, operate } from "./operate.ts";

/** What the operation takes. */
export const abortInput = z.object({ deploymentId: fields.deploymentId, comment: fields.comment });

/** Ends a deployment with the old side live: before the shift it stops, after it it turns round. Twice is once. */
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
        isDone: (newest) => isInFlight(newest) && newest.status !== "PENDING" && newest.status !== "IN_PROGRESS",
      });
    },
  });
}
