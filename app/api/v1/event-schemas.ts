import { z } from "zod";
import { sentenceSchema, time } from "./schema-parts.ts";
import { logLineSchema } from "./schemas.ts";

/* The data of the events in streams, for the OpenAPI document; a test holds real events against it. */

const key = z.union([z.string(), z.int()]);

export const patchEventSchema = z.looseObject({
  application: z.string(),
  patch: z.array(
    z.union([
      z.looseObject({ path: z.array(key), value: z.unknown() }),
      z.looseObject({ path: z.array(key), remove: z.literal(true) }),
    ]),
  ),
});

export const jsonPatchEventSchema = z.looseObject({
  application: z.string(),
  patch: z
    .array(
      z.looseObject({
        op: z.enum(["add", "replace", "remove"]),
        path: z.string().describe("A JSON Pointer (RFC 6901)"),
        value: z.unknown().optional().describe("Left out with remove"),
      }),
    )
    .describe("A JSON Patch (RFC 6902)"),
});

export const lineEventSchema = z.array(logLineSchema);
export const gapEventSchema = z.looseObject({
  type: z.literal("gap"),
  from: time,
  to: time,
  count: z.int().nullable().describe("How many lines are missing; null where nobody knows"),
  reason: z.string(),
  reasonSaid: sentenceSchema.optional(),
});
export const sampledEventSchema = z.looseObject({
  type: z.literal("sampled"),
  at: time,
  kept: z.number().describe("How many lines AWS sent of the second before"),
});
export const clockEventSchema = z.looseObject({
  type: z.literal("clock"),
  at: time,
  slot: z.enum(["blue", "green"]).nullable(),
  taskId: z.string().nullable(),
  stream: z.string(),
  offsetMs: z
    .number()
    .describe("How far the clock that dates the stream's lines is ahead of CloudWatch's; negative where it is behind"),
});
export const statusEventSchema = z.looseObject({
  type: z.literal("status"),
  mode: z.enum(["connecting", "live", "polling", "failed"]),
  message: z.string().nullable(),
  messageSaid: sentenceSchema.optional(),
  at: time,
});
/** After it a client connects anew, because the stream is old or the process stops. */
export const renewEventSchema = z.looseObject({
  because: z.enum(["stopping"]).optional().describe("Left out when the stream is only old"),
  retryAfterMs: z.int().optional().describe("When to connect at the earliest, where that is not at once"),
});
/** After it a client connects anew and may see something else. */
export const accessEventSchema = z.looseObject({});
/** Comes every 15 s, so that a client knows that the stream flows. */
export const pingEventSchema = z.looseObject({});
