import { z } from "zod";
import { DEFAULT_TIMEOUTS } from "../domain/application/stage-timeouts.ts";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";

const STATUS_FIX = fix(say("config.status"));
const SMOKE_TEXT_FIX = fix(say("config.smokeText"));
const SMOKE_SECONDS_FIX = fix(say("input.betweenUnit", { least: 1, most: 60, unit: "seconds" }));
/** One request through the test listener; a path of the same origin and nothing else. */
export const smokeSchema = z.strictObject(
  {
    // A path of the same origin and nothing else: "//host" and "/\\host" would be another one.
    path: z
      .string(fix(say("config.smokePath")))
      .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}$/, fix(say("config.smokePathForm"))),
    status: z.int(STATUS_FIX).min(100, STATUS_FIX).max(599, STATUS_FIX).default(200),
    text: z.string(SMOKE_TEXT_FIX).min(1, SMOKE_TEXT_FIX).max(500, SMOKE_TEXT_FIX).nullable().default(null),
    timeoutSeconds: z.number(SMOKE_SECONDS_FIX).min(1, SMOKE_SECONDS_FIX).max(60, SMOKE_SECONDS_FIX).default(10),
  },
  fix(say("config.smokeShape", { shape: "{ path, status, text, timeoutSeconds }" })),
);

const minutes = (most: number) => {
  const range = fix(say("input.betweenUnit", { least: 1, most, unit: "minutes" }));
  return z.int(range).min(1, range).max(most, range);
};
/** Longest times of single stages. */
export const timeoutsSchema = z.strictObject(
  {
    becomeHealthyMinutes: minutes(1440).default(DEFAULT_TIMEOUTS.becomeHealthyMinutes),
    /** ECS's own range for its PAUSE hook. */
    awaitSwitchMinutes: minutes(20160).default(DEFAULT_TIMEOUTS.awaitSwitchMinutes),
    rollbackMinutes: minutes(1440).default(DEFAULT_TIMEOUTS.rollbackMinutes),
  },
  fix(say("input.shapeOptional", { shape: "{ becomeHealthyMinutes, awaitSwitchMinutes, rollbackMinutes }" })),
);
