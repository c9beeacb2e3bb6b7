import fc from "fast-check";
import { expect, test } from "vitest";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { chosenShortcuts, findKeysProblem, parseKeys, parseSettings, USUAL } from "./shortcut-settings.ts";
import { createShortcutReader, type Shortcut } from "./shortcuts.ts";

const shortcut = (keys: string): Shortcut => ({ keys, label: `does ${keys}`, run: () => undefined });
const SHORTCUTS = ["?", "/", "t", "g o", "g b"].map(shortcut);
const press = (key: string) => ({ key, isModified: false, isTyping: false });

test("turned off, no key does anything", () => {
  const read = createShortcutReader();
  expect(read(press("?"), 0, chosenShortcuts(SHORTCUTS, { ...USUAL, isOn: false }))).toBeNull();
  expect(read(press("?"), 0, chosenShortcuts(SHORTCUTS, USUAL))?.label).toBe("does ?");
});

test("a key that was chosen does it, and the usual one no longer", () => {
  const shortcuts = chosenShortcuts(SHORTCUTS, { isOn: true, chosen: { t: "x" } });
  const read = createShortcutReader();
  expect(read(press("x"), 0, shortcuts)?.label).toBe("does t");
  expect(read(press("t"), 0, shortcuts)).toBeNull();
});

test.each([
  ["x", null],
  ["y z", null],
  ["?", '"?" and "?" (does ?) cannot be told apart'],
  ["g", '"g" and "g o" (does g o) cannot be told apart'],
  ["/ a", '"/ a" and "/" (does /) cannot be told apart'],
  ["Enter", '"Enter" is not one key, or two with a blank between them'],
  ["", '"" is not one key, or two with a blank between them'],
])("%j for light or dark", (typed, problem) => {
  const found = findKeysProblem(SHORTCUTS, USUAL, "t", typed);
  expect(found && inEnglish(found)).toBe(problem);
});

test("whatever is kept in the browser, it is read without an error and holds nothing but keys", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (kept) => {
      const settings = parseSettings(kept);
      for (const keys of Object.values(settings.chosen)) expect(parseKeys(keys)).toBe(keys);
    }),
  );
  expect(parseSettings('{"isOn":false,"chosen":{"t":"x","?":"Enter","/":3}}')).toEqual({
    isOn: false,
    chosen: { t: "x" },
  });
});
