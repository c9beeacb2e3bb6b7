import { z } from "zod";
import { LOG_LEVELS } from "../domain/log/level-words.ts";
import type { LogSettings } from "../domain/log/log-settings.ts";
import { compileSafePattern } from "../domain/log/safe-pattern.ts";

const GROUP_FIX = "give a log group's name, such as /ecs/library";
const group = z.string(GROUP_FIX).regex(/^[.\-_/#A-Za-z0-9]{1,512}$/, GROUP_FIX);
const groups = z.array(group, "give a list of log groups").max(10, "give 10 log groups or fewer").default([]);
const PREFIX_FIX = "give the beginning of a log stream's name, without : and *";
const LEVEL_FIX = `choose one of ${LOG_LEVELS.join(", ")}`;
const level = z.enum(LOG_LEVELS, LEVEL_FIX);

const NAME_FIX = "give a name of up to 60 characters, without square brackets";
const PATTERN_FIX = "give a regular expression of up to 500 characters, without looking ahead or back";

function mustCompile(pattern: string, context: z.RefinementCtx): void {
  try {
    compileSafePattern(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : "it cannot be read";
    context.addIssue({ code: "custom", message: `${PATTERN_FIX} (${why})` });
  }
}

/** `logs:` of an application in switchyard.yaml; `logGroup:` beside it is one more group of both sides. */
export const logsSchema = z.strictObject(
  {
    groups,
    blue: groups,
    green: groups,
    streamPrefixes: z
      .array(z.string(PREFIX_FIX).regex(/^[^:*]{1,512}$/, PREFIX_FIX), "give a list of stream prefixes")
      .max(100, "give 100 prefixes or fewer")
      .default([]),
    level: z
      .strictObject(
        {
          field: z.string("give a field's name").min(1, "give a field's name").max(200).nullable().default(null),
          words: z.record(z.string().min(1).max(100), level, `give words and their levels; ${LEVEL_FIX}`).default({}),
          otherwise: level.nullable().default(null),
        },
        "give { field, words, otherwise }, each of which may be left out",
      )
      .nullable()
      .default(null),
    mask: z
      .array(
        z.strictObject({
          name: z.string(NAME_FIX).regex(/^[^[\]\p{Cc}]{1,60}$/u, NAME_FIX),
          pattern: z.string(PATTERN_FIX).min(1, PATTERN_FIX).max(500, PATTERN_FIX).superRefine(mustCompile),
        }),
        "give a list of { name, pattern }",
      )
      .max(50, "give 50 rules or fewer")
      .default([]),
  },
  "give { groups, blue, green, streamPrefixes, level, mask }, each of which may be left out",
);

/** The settings as the product uses them; null where nothing is set. */
export function logSettingsOf(config: z.output<typeof logsSchema> | null): LogSettings | null {
  if (config === null) return null;
  const { groups, blue, green, streamPrefixes, level, mask } = config;
  const words = level && Object.fromEntries(Object.entries(level.words).map(([word, is]) => [word.toLowerCase(), is]));
  return {
    groups,
    sides: { blue, green },
    streamPrefixes,
    level: level && { field: level.field, words: words ?? {}, otherwise: level.otherwise },
    ...(mask.length > 0 ? { mask } : {}),
  };
}
