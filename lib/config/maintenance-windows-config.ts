import { z } from "zod";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";
import { parseRecurrence } from "./recurrence.ts";

const START_FIX = fix(say("config.start"));
const ZONE_FIX = fix(say("config.timeZone"));
const RULE_FIX = fix(say("config.rrule"));
const DURATION_FIX = fix(say("config.duration"));

/** One entry of `quietHours:` or `freezeWindows:`: RFC 5545's DTSTART with its TZID, RRULE and DURATION. */
const period = z
  .strictObject(
    {
      name: z
        .string(fix(say("input.name")))
        .min(1, fix(say("input.name")))
        .max(64, fix(say("input.atMost", { count: 64 }))),
      start: z.string(START_FIX).regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, START_FIX),
      timeZone: z.string(ZONE_FIX).refine(isTimeZone, ZONE_FIX),
      /** Null means once. */
      rrule: z.string(RULE_FIX).nullable().default(null),
      duration: z
        .string(DURATION_FIX)
        .regex(/^P(?=\d|T\d)(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/, DURATION_FIX)
        .refine((text) => /[1-9]/.test(text), DURATION_FIX),
    },
    fix(say("input.shape", { shape: "{ name, start, timeZone, rrule, duration }" })),
  )
  .superRefine((entry, context) => {
    if (context.issues.length > 0) return;
    const parsed = parseRecurrence(entry);
    if (!parsed.ok)
      context.addIssue({
        code: "custom",
        path: [parsed.isStart ? "start" : "rrule"],
        message: parsed.isStart
          ? START_FIX
          : fix(say("config.because", { what: say("config.rrule"), why: parsed.message })),
      });
  });

export const maintenanceWindowsSchema = z
  .array(period, fix(say("input.listOf", { what: "{ name, start, timeZone, rrule, duration }" })))
  .default([]);
export type MaintenanceWindowConfig = z.infer<typeof period>;

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    // An offset is no zone: it knows no daylight saving time.
    return /^[A-Za-z]/.test(zone);
  } catch {
    return false;
  }
}
