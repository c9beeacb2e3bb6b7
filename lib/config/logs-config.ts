import { z } from "zod";
import { LOG_LEVELS } from "../domain/log/level-words.ts";
import type { LogSettings } from "../domain/log/log-settings.ts";
import { compileSafePattern } from "../domain/log/safe-pattern.ts";
import { say } from "../domain/sentence/sentence.ts";
import { fix } from "./fix.ts";

const GROUP_FIX = fix(say("config.logGroup"));
const group = z.string(GROUP_FIX).regex(/^[.\-_/#A-Za-z0-9]{1,512}$/, GROUP_FIX);
const groups = z
  .array(group, fix(say("input.listOf", { what: say("config.noun.logGroups") })))
  .max(10, fix(say("input.atMostOf", { count: 10, what: say("config.noun.logGroups") })))
  .default([]);
const PREFIX_FIX = fix(say("config.streamPrefix"));
const LEVEL_SAID = say("input.chooseOneOf", { values: LOG_LEVELS.join(", ") });
const LEVEL_FIX = fix(LEVEL_SAID);
const level = z.enum(LOG_LEVELS, LEVEL_FIX);

const NAME_FIX = fix(say("config.maskName"));
const PATTERN_SAID = say("config.maskPattern");
const PATTERN_FIX = fix(PATTERN_SAID);

function mustCompile(pattern: string, context: z.RefinementCtx): void {
  try {
    compileSafePattern(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.addIssue({ code: "custom", message: fix(say("config.because", { what: PATTERN_SAID, why })) });
  }
}

/** `logs:` of an application in switchyard.yaml; `logGroup:` beside it is one more group of both sides. */
export const logsSchema = z.strictObject(
  {
    groups,
    blue: groups,
    green: groups,
    streamPrefixes: z
      .array(
        z.string(PREFIX_FIX).regex(/^[^:*]{1,512}$/, PREFIX_FIX),
        fix(say("input.listOf", { what: say("config.noun.streamPrefixes") })),
      )
      .max(100, fix(say("input.atMostOf", { count: 100, what: say("config.noun.prefixes") })))
      .default([]),
    level: z
      .strictObject(
        {
          field: z
            .string(fix(say("config.field")))
            .min(1, fix(say("config.field")))
            .max(200)
            .nullable()
            .default(null),
          words: z
            .record(
              z.string().min(1).max(100),
              level,
              fix(say("told.also", { first: say("config.levelWords"), second: LEVEL_SAID })),
            )
            .default({}),
          otherwise: level.nullable().default(null),
        },
        fix(say("input.shapeOptional", { shape: "{ field, words, otherwise }" })),
      )
      .nullable()
      .default(null),
    mask: z
      .array(
        z.strictObject({
          name: z.string(NAME_FIX).regex(/^[^[\]\p{Cc}]{1,60}$/u, NAME_FIX),
          pattern: z.string(PATTERN_FIX).min(1, PATTERN_FIX).max(500, PATTERN_FIX).superRefine(mustCompile),
        }),
        fix(say("input.listOf", { what: "{ name, pattern }" })),
      )
      .max(50, fix(say("input.atMostOf", { count: 50, what: say("config.noun.rules") })))
      .default([]),
  },
  fix(say("input.shapeOptional", { shape: "{ groups, blue, green, streamPrefixes, level, mask }" })),
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
