import { z } from "zod";
import { sentenceSchema } from "./schema-parts.ts";

const time = z.number().describe("Epoch milliseconds");
const outcome = z.enum(["pass", "warn", "unknown", "fail"]);
const point = z.looseObject({ outcome, evidence: z.string().describe("In English"), said: sentenceSchema.optional() });

const costItem = z.looseObject({
  what: z.string(),
  said: sentenceSchema.optional(),
  monthly: z.number().describe("USD a month of 730 hours"),
});

export const putOffSchema = z.looseObject({
  application: z.string(),
  step: z.string(),
  reason: z.string(),
  by: z.string(),
  at: time,
  until: time.describe("When it is judged again; no later than `at` where the step was taken up again"),
});

export const readinessSchema = z.looseObject({
  application: z.string(),
  isConfigured: z.boolean().describe("False for the one proposed to an installation without applications"),
  region: z.string(),
  at: time,
  cost: z
    .looseObject({ asOf: z.string(), there: z.array(costItem), later: z.array(costItem) })
    .nullable()
    .describe("An estimate by list prices as of a date; null for a Region without prices"),
  firstLookAt: time.nullable(),
  firstGreenAfterMs: z.number().nullable().describe("From the first look to the first release that ended well"),
  setup: z.array(z.string()).describe("What a shell is told once, before the commands of the steps"),
  next: z.array(z.string()).describe("Ids of the missing steps whose needs are there"),
  identity: z.looseObject({ outcome, points: z.array(point) }),
  steps: z.array(
    z.looseObject({
      id: z.string(),
      number: z.number(),
      phase: z.enum(["preparation", "local", "infrastructure", "automation"]),
      title: z.string(),
      titleSaid: sentenceSchema.optional(),
      outcome: z.enum(["pass", "warn", "unknown", "fail", "put off"]).describe("unknown: nobody could look"),
      points: z.array(point),
      why: z.string(),
      whySaid: sentenceSchema.optional(),
      fix: z.looseObject({
        words: z.string().nullable(),
        wordsSaid: sentenceSchema.optional(),
        cli: z.array(z.string()),
        template: z.string().nullable(),
        cloudFormation: z.array(z.string()).describe("Commands that apply the template"),
        board: z.string().optional(),
      }),
      link: z.string(),
      needs: z.array(z.string()).describe("Ids of the steps before it"),
      putOff: putOffSchema.nullable(),
      since: time.nullable().describe("Since when it is there"),
    }),
  ),
  counts: z.record(z.string(), z.number()).describe("How many steps have each outcome"),
});
