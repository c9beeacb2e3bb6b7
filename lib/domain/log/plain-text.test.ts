import { describe, expect, test } from "vitest";
import { asOneEntry, foldText, MAX_LINE_LENGTH, toPlainText } from "./plain-text.ts";

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

describe("foldText", () => {
  test.each([
    ["대출 실패", "대출 실패".normalize("NFD")],
    ["ERROR", "error"],
    ["É", "e\u0301"],
    ["STRASSE", "straße"],
    ["ΛΟΓΟΣ", "λογος"],
    ["ΛΟΓΟΣ", "λογοσ"],
    ["ẞ", "ss"],
    ["İSTANBUL", "istanbul"],
    ["ısı", "ISI"],
    ["ＥＲＲＯＲ：５０３", "error:503"],
    ["ﾀｲﾑｱｳﾄ", "タイムアウト"],
    ["a\u00a0b\u3000c", "a b c"],
    ["time\u200bout", "timeout"],
    ["re\u00adtry\ufeff", "retry"],
    ["ti\u200cme\u200dout\u200e", "timeout"],
    ["\u2067loan\u2069", "loan"],
    ["❤\ufe0f", "❤"],
    ["مح\u0640مد", "محمد"],
    ["대출\u3164실패", "대출실패"],
    ["Ⅷ ㎏ ﬁ ①", "viii kg fi 1"],
  ])("%j and %j are the same words", (one, other) => {
    expect(foldText(one)).toBe(foldText(other));
  });
});

test("a word of Greek is found inside of a longer one, whatever sigma it ends with alone", () => {
  expect(foldText("ΛΟΓΟΣΑΣ")).toContain(foldText("ΛΟΓΟΣ"));
});

test("in a file nothing in a line can pass for a line of its own", () => {
  const forged = "boom\n2026-11-29T17:00:01Z green 3e91 INFO fine\u2028x\u0085y";
  expect(asOneEntry(forged)).toBe("boom\n    2026-11-29T17:00:01Z green 3e91 INFO fine\n    x\n    y");
  expect(asOneEntry("one line")).toBe("one line");
});
