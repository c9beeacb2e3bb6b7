import { z } from "zod";
import {
  ROLLOUT_RANGES,
  ROLLOUT_STRATEGIES,
  type Rollout,
  type RolloutStrategy,
  usualRollout,
} from "../domain/observation/rollout.ts";
import { listSaid } from "../domain/sentence/list.ts";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";

type Setting = keyof typeof ROLLOUT_RANGES;

/** Which numbers a strategy has; any other beside it is a mistake worth a word. */
const SETTINGS: Readonly<Record<RolloutStrategy, readonly Setting[]>> = {
  ALL_AT_ONCE: [],
  CANARY: ["percent", "bakeMinutes"],
  LINEAR: ["stepPercent", "stepBakeMinutes"],
};
const SHAPE_FIX = fix(
  say("input.rolloutShape", {
    one: "{ strategy: ALL_AT_ONCE }",
    two: "{ strategy: CANARY, percent, bakeMinutes }",
    three: "{ strategy: LINEAR, stepPercent, stepBakeMinutes }",
  }),
);

/** In tenths: ECS moves percents so; its bakes are whole minutes, of which tenths are a finer measure. */
function tenths({ least, most }: { least: number; most: number }, unit: string) {
  const range = fix(say("input.betweenTenths", { least, most, unit }));
  return (
    z
      .number(range)
      .min(least, range)
      .max(most, range)
      // Out of range is said once.
      .refine((value) => value < least || value > most || Math.abs(value * 10 - Math.round(value * 10)) < 1e-6, range)
      .optional()
  );
}

/** How traffic is moved, as switchyard.yaml and requests say it; a number left out is ECS's own. */
export const rolloutSchema = z
  .strictObject(
    {
      strategy: z.enum(ROLLOUT_STRATEGIES, fix(say("input.chooseOneOf", { values: ROLLOUT_STRATEGIES.join(", ") }))),
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
          message: fix(
            say("input.notOfStrategy", {
              strategy: rollout.strategy,
              has: own.length > 0 ? listSaid(own, "and") : say("input.noSteps"),
            }),
          ),
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
