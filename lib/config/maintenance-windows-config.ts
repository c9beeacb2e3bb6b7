import { z } from "zod";
import { parseRecurrence } from "./recurrence.ts";

const START_FIX = 'give the first start as local time, such as "2026-01-05T22:00"';
const ZONE_FIX = "give a time zone of the IANA list, such as Europe/Berlin";
const RULE_FIX = "give an RRULE of RFC 5545, such as FREQ=WEEKLY;BYDAY=FR, or leave it out for once";
const DURATION_FIX = "give a duration of RFC 5545 above zero, such as PT8H or P3D";

/** One entry of `quietHours:` or `freezeWindows:`: RFC 5545's DTSTART with its TZID, RRULE and DURATION. */
const period = z
  .strictObject(
    {
      name: z.string("give a name").min(1, "give a name").max(64, "use 64 characters or fewer"),
      start: z.string(START_FIX).regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/, START_FIX),
      timeZone: z.string(ZONE_FIX).refine(isTimeZone, ZONE_FIX),
      /** Null means once. */
      rrule: z.string(RULE_FIX).nullable().default(null),
      duration: z
        .string(DURATION_FIX)
        .regex(/^P(?=\d|T\d)(\d+W)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/, DURATION_FIX)
        .refine((text) => /[1-9]/.test(text), DURATION_FIX),
    },
    "give { name, start, timeZone, rrule, duration }",
  )
  .superRefine((entry, context) => {
    if (context.issues.length > 0) return;
    const parsed = parseRecurrence(entry);
    if (!parsed.ok)
      context.addIssue({
        code: "custom",
        path: [parsed.isStart ? "start" : "rrule"],
        message: parsed.isStart ? START_FIX : `${RULE_FIX} (${parsed.message})`,
      });
  });

export const maintenanceWindowsSchema = z
  .array(period, "give a list of { name, start, timeZone, rrule, duration }")
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
