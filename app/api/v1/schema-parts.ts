import { z } from "zod";
import { ROLLOUT_STRATEGIES } from "@/lib/domain/observation/rollout.ts";
import { SLOT_COLORS } from "@/lib/domain/observation/slot.ts";
import { BLOCKER_CODES } from "@/lib/domain/verb/blocker.ts";

/* What the schemas of the API's answers have in common. */

export const time = z.int().describe("Epoch milliseconds");
export const color = z.enum(SLOT_COLORS);
export const weights = z.looseObject({ blue: z.int().min(0).max(999), green: z.int().min(0).max(999) });

export const sentenceSchema = z
  .looseObject({ code: z.string(), params: z.record(z.string(), z.unknown()) })
  .describe("A sentence in no language yet: its code and the values in it");
/** Open: a client must take a code that it does not know, because more are added. */
export const codeSchema = z
  .string()
  .describe("Why, as a stable word; more are added, so take one that you do not know by the status alone")
  .meta({ "x-extensible-enum": [...BLOCKER_CODES, "METHOD_NOT_ALLOWED", "STOPPING"] });

export const blockerSchema = z.looseObject({
  code: codeSchema,
  message: z.string(),
  fix: z.string().optional(),
  said: sentenceSchema.optional(),
  fixSaid: sentenceSchema.optional(),
});

export const revision = z.looseObject({
  taskDefinition: z.string(),
  image: z.string(),
  digest: z.string().nullable(),
  tag: z.string().nullable(),
});

export const rolloutSchema = z.looseObject({
  strategy: z.enum(ROLLOUT_STRATEGIES),
  percent: z.number().optional(),
  bakeMinutes: z.number().optional(),
  stepPercent: z.number().optional(),
  stepBakeMinutes: z.number().optional(),
});
