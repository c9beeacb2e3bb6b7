import { z } from "zod";
import { DEFAULT_TIMEOUTS } from "../domain/application/stage-timeouts.ts";

const STATUS_FIX = "give the HTTP status that is expected, 100 to 599";
const SMOKE_TEXT_FIX = "give a text of 1 to 500 characters, or null for none";
const SMOKE_SECONDS_FIX = "give 1 to 60 seconds";
/** One request through the test listener; a path of the same origin and nothing else. */
export const smokeSchema = z.strictObject(
  {
    // A path of the same origin and nothing else: "//host" and "/\\host" would be another one.
    path: z
      .string("give a path such as /actuator/health")
      .regex(
        /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,500}$/,
        "give a path such as /actuator/health, of testUrl's own origin",
      ),
    status: z.int(STATUS_FIX).min(100, STATUS_FIX).max(599, STATUS_FIX).default(200),
    text: z.string(SMOKE_TEXT_FIX).min(1, SMOKE_TEXT_FIX).max(500, SMOKE_TEXT_FIX).nullable().default(null),
    timeoutSeconds: z.number(SMOKE_SECONDS_FIX).min(1, SMOKE_SECONDS_FIX).max(60, SMOKE_SECONDS_FIX).default(10),
  },
  "give { path, status, text, timeoutSeconds }, all but path of which may be left out",
);

const minutes = (most: number) => {
  const fix = `give 1 to ${most} minutes`;
  return z.int(fix).min(1, fix).max(most, fix);
};
/** Longest times of single stages. */
export const timeoutsSchema = z.strictObject(
  {
    becomeHealthyMinutes: minutes(1440).default(DEFAULT_TIMEOUTS.becomeHealthyMinutes),
    /** ECS's own range for its PAUSE hook. */
    awaitSwitchMinutes: minutes(20160).default(DEFAULT_TIMEOUTS.awaitSwitchMinutes),
    rollbackMinutes: minutes(1440).default(DEFAULT_TIMEOUTS.rollbackMinutes),
  },
  "give { becomeHealthyMinutes, awaitSwitchMinutes, rollbackMinutes }, each of which may be left out",
);
