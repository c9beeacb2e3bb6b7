/** Where a key was pressed, as far as shortcuts care. */
export interface KeyPress {
  key: string;
  /** Ctrl, Alt or Meta is held: the browser's own. */
  isModified: boolean;
  /** In a field that takes text, or in an open dialog. */
  isTyping: boolean;
}

/** A shortcut's keys in order, "g b" or "?", and what it does. */
export interface Shortcut {
  keys: string;
  label: string;
  run: () => void;
}

const SEQUENCE_MS = 1200;

/**
 * Takes key presses one by one and answers the shortcut that they complete, or null. A sequence is forgotten after
 * a moment, by any key that does not continue it, and by typing.
 */
export function createShortcutReader(): (
  press: KeyPress,
  now: number,
  shortcuts: readonly Shortcut[],
) => Shortcut | null {
  let typed: string[] = [];
  let lastAt = 0;
  return (press, now, shortcuts) => {
    if (press.isModified || press.isTyping) {
      typed = [];
      return null;
    }
    if (press.key === "Shift") return null;
    if (now - lastAt > SEQUENCE_MS) typed = [];
    lastAt = now;
    for (const candidate of [[...typed, press.key], [press.key]]) {
      const words = candidate.join(" ");
      const complete = shortcuts.find((shortcut) => shortcut.keys === words);
      if (complete) {
        typed = [];
        return complete;
      }
      if (shortcuts.some((shortcut) => shortcut.keys.startsWith(`${words} `))) {
        typed = candidate;
        return null;
      }
    }
    typed = [];
    return null;
  };
}
