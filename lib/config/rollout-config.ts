import { z } from "zod";
import {
  ROLLOUT_RANGES,
  ROLLOUT_STRATEGIES,
  type Rollout,
  type RolloutStrategy,
  usualRollout,
} from "../domain/observation/rollout.ts";

type Setting = keyof typeof ROLLOUT_RANGES;

/** Which numbers a strategy has; any other beside it is a mistake worth a word. */
const SETTINGS: Readonly<Record<RolloutStrategy, readonly Setting[]>> = {
  ALL_AT_ONCE: [],
  CANARY: ["percent", "bakeMinutes"],
  LINEAR: ["stepPercent", "stepBakeMinutes"],
};
const SHAPE_FIX =
  "give { strategy: ALL_AT_ONCE }, { strategy: CANARY, percent, bakeMinutes } or { strategy: LINEAR, stepPercent, stepBakeMinutes }";

/** In tenths: ECS moves percents so; its bakes are whole minutes, of which tenths are a finer measure. */
function tenths({ least, most }: { least: number; most: number }, unit: string) {
  const fix = `give ${least} to ${most} ${unit}, in steps of 0.1`;
  return (
    z
      .number(fix)
      .min(least, fix)
      .max(most, fix)
      // Out of range is said once.
      .refine((value) => value < least || value > most || Math.abs(value * 10 - Math.round(value * 10)) < 1e-6, fix)
      .optional()
  );
}

/** How traffic is moved, as switchyard.yaml and requests say it; a number left out is ECS's own. */
export const rolloutSchema = z
  .strictObject(
    {
      strategy: z.enum(ROLLOUT_STRATEGIES, `choose one of ${ROLLOUT_STRATEGIES.join(", ")}`),
      percent: tenths(ROLLOUT_RANGES.percent, "percent"),
      bakeMinutes: tenths(ROLLOUT_RANGES.bakeMinutes, "minutes"),
      stepPercent: tenths(ROLLOUT_RANGES.stepPercent, "percent"),
      stepBakeMinutes: tenths(ROLLOUT_RANGES.stepBakeMinutes, "minutes"),
    },
    SHAPE_FIX,
  )
  .superRefine((rollout, context) => {
    const own = SETTINGS[rollout.strategy];
    for (const key of Object.keys(ROLLOUT_RANGES) as Setting[])
      if (rollout[key] !== undefined && !own.includes(key))
        context.addIssue({
          code: "custom",
          path: [key],
          message: `leave it out: ${rollout.strategy} has ${own.length > 0 ? own.join(" and ") : "no steps"}`,
        });
  })
  .transform(({ strategy, ...given }): Rollout => {
    const usual = usualRollout(strategy);
    switch (usual.strategy) {
      case "ALL_AT_ONCE":
        return usual;
      case "CANARY":
        return {
          ...usual,
          percent: given.percent ?? usual.percent,
          bakeMinutes: given.bakeMinutes ?? usual.bakeMinutes,
        };
      case "LINEAR":
        return {
          ...usual,
          stepPercent: given.stepPercent ?? usual.stepPercent,
          stepBakeMinutes: given.stepBakeMinutes ?? usual.stepBakeMinutes,
        };
    }
  });
