import { type Sentence, say } from "@/lib/domain/sentence/sentence.ts";
import type { Shortcut } from "./shortcuts.ts";

/** What somebody chose for the console's keys, kept in their browser. */
export interface ShortcutSettings {
  /** Single keys are on. */
  isOn: boolean;
  /** Keys by the shortcut's own keys, where somebody chose others. */
  chosen: Readonly<Record<string, string>>;
}

export const USUAL: ShortcutSettings = { isOn: true, chosen: {} };

const MOST_KEYS = 2;

/** One or two single characters with a blank between them, "g b" or "?"; null for anything else. */
export function parseKeys(typed: string): string | null {
  const keys = typed.trim().split(/\s+/);
  const isKeys = keys.length <= MOST_KEYS && keys.every((key) => [...key].length === 1);
  return isKeys ? keys.join(" ") : null;
}

/** Reads what was kept; whatever cannot be read counts as never chosen. */
export function parseSettings(kept: string | null): ShortcutSettings {
  try {
    const { isOn, chosen } = JSON.parse(kept ?? "") as { isOn?: unknown; chosen?: unknown };
    if (typeof isOn !== "boolean" || typeof chosen !== "object" || chosen === null) return USUAL;
    const valid = Object.entries(chosen).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string" && parseKeys(entry[1]) === entry[1],
    );
    return { isOn, chosen: Object.fromEntries(valid) };
  } catch {
    return USUAL;
  }
}

/** The shortcuts with the keys that were chosen; none while they are off. */
export function chosenShortcuts(shortcuts: readonly Shortcut[], { isOn, chosen }: ShortcutSettings): Shortcut[] {
  if (!isOn) return [];
  return shortcuts.map((shortcut) => ({ ...shortcut, keys: chosen[shortcut.keys] ?? shortcut.keys }));
}

/** Why `typed` cannot be the keys of the shortcut that usually has `usual`; null when it can. */
export function findKeysProblem(
  shortcuts: readonly Shortcut[],
  settings: ShortcutSettings,
  usual: string,
  typed: string,
): Sentence | null {
  const keys = parseKeys(typed);
  if (keys === null) return say("layout.keys.problem.form", { typed });
  for (const other of shortcuts) {
    if (other.keys === usual) continue;
    const taken = settings.chosen[other.keys] ?? other.keys;
    // The shorter would always be taken before the longer could be completed.
    if (taken === keys || taken.startsWith(`${keys} `) || keys.startsWith(`${taken} `))
      return say("layout.keys.problem.taken", { keys, taken, other: other.label });
  }
  return null;
}
