import type { Config } from "./config.ts";
import { loadConfig } from "./load-config.ts";

const KEY = Symbol.for("switchyard.config");
type Holder = { [KEY]?: Config };

/** The process's settings, read once: Next may load this module more than once, so they hang on the process. @throws ConfigError */
export function currentConfig(): Config {
  // Safe because only this function writes the key.
  const holder = globalThis as Holder;
  holder[KEY] ??= loadConfig(process.env);
  return holder[KEY];
}
