import type { z } from "zod";
import { fixOf } from "../config/fix.ts";
import { englishOf } from "../domain/sentence/told.ts";

/** What a schema's refusal says to give instead, in English, one a line; undefined when nothing was refused. */
export function fixesOf(error: z.ZodError | undefined): string | undefined {
  return error?.issues.map((issue) => englishOf(fixOf(issue))).join("\n");
}
