import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutText } from "./cut-text.ts";
import { oneLine } from "./one-line.ts";

describe("cutText", () => {
  const pieces = fc.constantFrom(
    "a",
    " ",
    "🚨",
    "👩‍👩‍👧‍👦",
    "🇰🇷",
    "e\u0301",
    "한",
    "각",
    "\n",
    "漢",
    "\u1100\u1161\u11a8",
    "ก็",
    "❤️",
    "\r\n",
  );
  test("parts no character, and is never longer than it may be", () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 80 }), fc.integer({ min: 1, max: 120 }), (parts, max) => {
        const text = parts.join("");
        const cut = cutText(text, max);
        expect(cut.length).toBeLessThanOrEqual(Math.max(max, 0));
        expect(text.startsWith(cut)).toBe(true);
        const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
        const starts = [...segmenter.segment(text)].map(({ index }) => index);
        if (cut !== text) expect([0, ...starts]).toContain(cut.length);
      }),
    );
  });

  test.each([["\ud83d".repeat(20)], ["\udea8".repeat(20)], [`a${"\u0301".repeat(2000)}`]])(
    "ends with what is no character at all (%#)",
    (text) => expect(cutText(text, 10).length).toBeLessThanOrEqual(10),
  );
});

describe("a row of flags", () => {
  test.each([510, 511, 512, 513, 514])("is cut between two of them, also far from its beginning (%i)", (max) => {
    const cut = cutText("🇰🇷".repeat(400), max);
    expect(cut.length % 4).toBe(0);
    expect(cut.length).toBeGreaterThan(max - 4);
  });
});

test.each(["👨‍👩‍👧‍👦", "🇰🇷", "각".normalize("NFD"), "e\u0301"])("one line ends before or behind a %s", (character) => {
  for (let at = 1; at < character.length + 2; at++) {
    const line = oneLine(`${"x".repeat(at)}${character.repeat(30)}`, 20).slice(0, -1);
    const [, rest = ""] = /^x+(.*)$/su.exec(line) ?? [];
    expect(rest.replaceAll(character, "")).toBe("");
  }
});

test.each([
  ["kim\u202eexe.lavorppa", "kimexe.lavorppa"],
  ["a\u2066b\u2069\nc", "ab c"],
  ["\u0007 bell", "bell"],
])("one line reads as it is written: %j", (text, line) => {
  expect(oneLine(text)).toBe(line);
});
