import { describe, expect, it } from "vitest";
import { createShortcutReader, type Shortcut } from "./shortcuts.ts";

const shortcut = (keys: string): Shortcut => ({ keys, label: keys, run: () => {} });
const all = ["?", "/", "g o", "g b"].map(shortcut);
const press = (key: string, over: { isModified?: boolean; isTyping?: boolean } = {}) => ({
  key,
  isModified: false,
  isTyping: false,
  ...over,
});

describe("shortcuts", () => {
  it("answers a single key at once", () => {
    expect(createShortcutReader()(press("?"), 0, all)?.keys).toBe("?");
  });

  it("waits for the second key of a sequence", () => {
    const read = createShortcutReader();
    expect(read(press("g"), 0, all)).toBeNull();
    expect(read(press("b"), 300, all)?.keys).toBe("g b");
  });

  it("forgets the first key after a moment", () => {
    const read = createShortcutReader();
    read(press("g"), 0, all);
    expect(read(press("b"), 5000, all)).toBeNull();
  });

  it("starts a sequence over when its first key comes twice", () => {
    const read = createShortcutReader();
    read(press("g"), 0, all);
    read(press("g"), 100, all);
    expect(read(press("o"), 200, all)?.keys).toBe("g o");
  });

  it("is not put off by Shift, which is needed for a question mark on most keyboards", () => {
    const read = createShortcutReader();
    read(press("Shift"), 0, all);
    expect(read(press("?"), 10, all)?.keys).toBe("?");
  });

  it("leaves what is typed into a field and the browser's own combinations alone", () => {
    const read = createShortcutReader();
    expect(read(press("?", { isTyping: true }), 0, all)).toBeNull();
    expect(read(press("/", { isModified: true }), 0, all)).toBeNull();
    read(press("g"), 0, all);
    read(press("x", { isTyping: true }), 10, all);
    expect(read(press("b"), 20, all)).toBeNull();
  });
});
