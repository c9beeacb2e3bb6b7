import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asOneEntry, cutText, foldText, MAX_LINE_LENGTH, toPlainText } from "./plain-text.ts";

describe("toPlainText", () => {
  test.each([
    ["\u001b[1;31mred\u001b[0m and plain", "red and plain"],
    ["\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007", "link"],
    ["a\u001b[2Jb\u001b(Bc\u009b31md", "abcd"],
    ["unfinished \u001b[", "unfinished"],
    ["bell\u0007 null\u0000 tab\tkept", "bell null tab\tkept"],
    ["one\r\ntwo\n", "one\ntwo"],
    ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["safe\u202etxt.exe", "safetxt.exe"],
    ["심각한 오류 🚨", "심각한 오류 🚨"],
  ])("%j → %j", (raw, text) => {
    expect(toPlainText(raw)).toBe(text);
  });

  test("cuts a very long line and says by how much", () => {
    expect(toPlainText("x".repeat(MAX_LINE_LENGTH + 5))).toBe(`${"x".repeat(MAX_LINE_LENGTH)}… (5 more characters)`);
  });

  test.each(["🚨", "👩‍👩‍👧‍👦", "🇰🇷", "e\u0301", "한", "각"])(
    "cuts before a %s that goes over the edge",
    (character) => {
      for (let fits = 1; fits <= character.length; fits++) {
        const kept = MAX_LINE_LENGTH - character.length + fits;
        const text = toPlainText(`${"x".repeat(kept)}${character}${character}`);
        expect(text).toMatch(new RegExp(`^x{${kept}}… \\(\\d+ more characters\\)$`));
      }
    },
  );
});

describe("cutText", () => {
  const pieces = fc.constantFrom("a", " ", "🚨", "👩‍👩‍👧‍👦", "🇰🇷", "e\u0301", "한", "각", "\n", "漢");
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

describe("foldText", () => {
  test.each([
    ["대출 실패", "대출 실패".normalize("NFD")],
    ["ERROR", "error"],
    ["É", "e\u0301"],
    ["STRASSE", "straße"],
    ["ΛΟΓΟΣ", "λογος"],
    ["ΛΟΓΟΣ", "λογοσ"],
  ])("%j and %j are the same words", (one, other) => {
    expect(foldText(one)).toBe(foldText(other));
  });
});

test("in a file nothing in a line can pass for a line of its own", () => {
  const forged = "boom\n2026-11-29T17:00:01Z green 3e91 INFO fine\u2028x\u0085y";
  expect(asOneEntry(forged)).toBe("boom\n    2026-11-29T17:00:01Z green 3e91 INFO fine\n    x\n    y");
  expect(asOneEntry("one line")).toBe("one line");
});
