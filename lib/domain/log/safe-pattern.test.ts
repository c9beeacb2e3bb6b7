import fc from "fast-check";
import { expect, test } from "vitest";
import { compileSafePattern } from "./safe-pattern.ts";

const TEXTS = [
  "",
  "a",
  "aaaa",
  "abc",
  "ABC",
  "2026-11-29 ERROR loan 4821 timed out after 30s",
  "GET /books 200 3ms",
  "대출 실패 42",
  "foo.bar_baz-1",
  "line one\nline two",
  "a\tb",
  "[x] (y) {z}",
];

test.each([
  "a",
  "abc",
  "^a+$",
  "^(?:ab|a)c?$",
  "ERROR|WARN",
  "\\d{3,}",
  "\\bloan\\b",
  "\\Boan",
  "[a-c]+",
  "[^a-z]",
  "^\\s*$",
  "a{2}",
  "a{2,3}$",
  "\\d+ms$",
  "(\\d+)s",
  "실패 \\d",
  "foo\\.bar",
  "[\\w.-]+1",
  "two$",
  "^line",
  "one.line",
  "\\t",
  "[\\t ]b",
  "\\[x\\]",
  "x{",
  "a*?b",
  "(?<n>a|b)+c",
  "[-a]",
  "[]a]".replace("[]a]", "[\\]a]"),
  "\\u0061",
  "\\x61b",
  "",
  "(|a)b",
  "a|",
  "(a*)*b",
  "(a|aa)+$",
  "(.*)(.*)=",
])("finds what JavaScript finds: %s", (source) => {
  for (const flags of ["", "i", "s", "m", "im"])
    for (const text of TEXTS)
      expect(compileSafePattern(source, flags).test(text), `/${source}/${flags} ${text}`).toBe(
        new RegExp(source, flags).test(text),
      );
});

test("finds what JavaScript finds in whatever is put together", () => {
  const atom = fc.constantFrom("a", "b", ".", "\\d", "[ab]", "[^a]", "(a|b)", "(?:ab)", "\\b", "^", "$");
  const piece = fc
    .tuple(atom, fc.constantFrom("", "?", "{2}", "{0,2}"))
    .map(([one, times]) => (/[\^$b]$/.test(one) && one !== "b" ? one : one + times));
  const pattern = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
  const text = fc.array(fc.constantFrom("a", "b", "1", " ", "A"), { maxLength: 8 }).map((letters) => letters.join(""));
  fc.assert(
    fc.property(pattern, text, fc.constantFrom("", "i"), (source, subject, flags) => {
      expect(compileSafePattern(source, flags).test(subject)).toBe(new RegExp(source, flags).test(subject));
    }),
  );
});

test.each([
  "(a+)+$",
  "(a|a)*$",
  "(a|aa)+$",
  "(.*a){20}",
  "(\\w+\\s?)*$",
  "^(([a-z])+.)+[A-Z]([a-z])+$",
  "(x+x+)+y",
  "(.*)(.*)(.*)(.*)=",
])("no line makes %s search for ever", (source) => {
  // JavaScript's own would take longer than anybody lives.
  const line = `${"a".repeat(16_000)}!`;
  expect(typeof compileSafePattern(source).test(line)).toBe("boolean");
});

test.each([
  ["(?=a)", /ahead or back/],
  ["(?<!a)b", /ahead or back/],
  ["(a)\\1", /References back/],
  ["a{1,5000}", /more than 100/],
  ["((a{100}){100}){100}", /too large/],
  ["(a", /not closed/],
  ["[a", /not closed/],
  ["a)", /closing bracket/],
  ["*a", /Nothing to repeat/],
  ["a**", /Nothing to repeat/],
  ["[z-a]", /wrong order/],
  ["a{3,1}", /wrong order/],
  ["a\\", /backslash/],
])("refuses %s in words", (source, words) => {
  expect(() => compileSafePattern(source)).toThrow(words);
});
