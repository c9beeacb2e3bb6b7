import { z } from "zod";
import { LOG_LEVELS } from "../domain/log/level-words.ts";
import type { LogSettings } from "../domain/log/log-settings.ts";

const GROUP_FIX = "give a log group's name, such as /ecs/library";
const group = z.string(GROUP_FIX).regex(/^[.\-_/#A-Za-z0-9]{1,512}$/, GROUP_FIX);
const groups = z.array(group, "give a list of log groups").max(10, "give 10 log groups or fewer").default([]);
const PREFIX_FIX = "give the beginning of a log stream's name, without : and *";
const LEVEL_FIX = `choose one of ${LOG_LEVELS.join(", ")}`;
const level = z.enum(LOG_LEVELS, LEVEL_FIX);

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
  },
  "give { groups, blue, green, streamPrefixes, level }, each of which may be left out",
);

/** The settings as the product uses them; null where nothing is set. */
export function logSettingsOf(config: z.output<typeof logsSchema> | null): LogSettings | null {
  if (config === null) return null;
  const { groups, blue, green, streamPrefixes, level } = config;
  const words = level && Object.fromEntries(Object.entries(level.words).map(([word, is]) => [word.toLowerCase(), is]));
  return {
    groups,
    sides: { blue, green },
    streamPrefixes,
    level: level && { field: level.field, words: words ?? {}, otherwise: level.otherwise },
  };
}
