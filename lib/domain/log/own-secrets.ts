import type { LogSettings } from "./log-settings.ts";
import { compileSafePattern } from "./safe-pattern.ts";
import type { OwnSecretRule } from "./secrets.ts";

const compiled = new WeakMap<object, readonly OwnSecretRule[]>();

/** The rules of an application's own, compiled once for each settings. @throws Error for a pattern that cannot be used */
export function ownSecretRules(logs: Pick<LogSettings, "mask"> | null | undefined): readonly OwnSecretRule[] {
  if (!logs?.mask || logs.mask.length === 0) return [];
  const rules =
    compiled.get(logs.mask) ?? logs.mask.map(({ name, pattern }) => ({ name, pattern: compileSafePattern(pattern) }));
  compiled.set(logs.mask, rules);
  return rules;
}
