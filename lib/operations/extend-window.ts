import { z } from "zod";
import { findExtendBlockers } from "../domain/action-rules.ts";
import { isInFlight } from "../domain/deployment.ts";
import { extendBake } from "../domain/deployment-transitions.ts";
import { changeDeployment } from "./change-deployment.ts";
import type { Context } from "./context.ts";
import { fields } from "./input.ts";
import { type Operated, operate } from "./operate.ts";

const DEFAULT_MINUTES = 10;
/** ECS ends a bake within a day as well. */
const MOST_MS = 24 * 60 * 60_000;

/** What the operation takes. */
export const extendInput = z.object({
  deploymentId: fields.deploymentId,
  minutes: z
    .int("give 1 to 1440 minutes")
    .min(1, "give 1 to 1440 minutes")
    .max(1440, "give 1 to 1440 minutes")
    .default(DEFAULT_MINUTES),
});

/** Moves the end of the bake; each call adds its minutes, up to a day from now. */
export function extendWindow(ctx: Context, input: unknown): Promise<Operated> {
  return operate(ctx, input, {
    verb: "extend",
    schema: extendInput,
    run(operating) {
      const { minutes } = operating.input;
      const latest = operating.ctx.runtime.now() + MOST_MS;
      return changeDeployment(operating, {
        step: "extend",
        words: `The bake was extended by ${minutes} min by ${operating.ctx.identity.name}`,
        blockers: (newest) => findExtendBlockers({ deployment: isInFlight(newest) ? newest : null }),
        change(newest) {
          const extended = extendBake(newest, minutes);
          return { ...extended, bakeUntil: extended.bakeUntil === null ? null : Math.min(extended.bakeUntil, latest) };
        },
        isDone: () => false,
      });
    },
  });
}
