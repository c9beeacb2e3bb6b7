import fc from "fast-check";
import { expect, test } from "vitest";
import { cutMiddle, SHORT_NAME, splitName } from "./cut-middle.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";

test("a short name is left as it is", () => {
  expect(cutMiddle("1.1.0")).toBe("1.1.0");
  expect(splitName("1.1.0", "1.0.0")).toEqual({ head: "1.1.0", tail: "" });
});

test("a long name keeps its beginning and its end", () => {
  expect(cutMiddle(`github-sha-${SHA}`, 24)).toBe("github-sha-0…def01234567");
  expect(splitName(`github-sha-${SHA}`)).toEqual({ head: `github-sha-${SHA.slice(0, -12)}`, tail: "cdef01234567" });
});

const read = fc.constantFrom("a", "-", "한", "한".normalize("NFD"), "🇰🇷", "👨‍👩‍👧‍👦", "e\u0301", "ก็");
const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const segments = (text: string) => [...segmenter.segment(text)].map(({ segment }) => segment);

test("what is cut is never longer than asked, and no character is cut in two", () => {
  fc.assert(
    fc.property(
      fc.array(read, { maxLength: 80 }).map((all) => all.join("")),
      fc.integer({ min: 8, max: 60 }),
      (text, max) => {
        const cut = cutMiddle(text, max);
        expect(segments(cut).length).toBeLessThanOrEqual(max);
        const whole = segments(text);
        for (const character of segments(cut)) if (character !== "…") expect(whole).toContain(character);
      },
    ),
  );
});

const tagOf = fc.string({ unit: fc.constantFrom(..."abcdef0123456789._-"), minLength: 1, maxLength: 121 });

test("two tags that differ anywhere look different in the part that never gives way", () => {
  fc.assert(
    fc.property(tagOf, tagOf, tagOf, tagOf, (start, one, other, end) => {
      const [a, b] = [start + one + end, start + other + end];
      fc.pre(a !== b && a.length > SHORT_NAME && b.length > SHORT_NAME);
      expect(splitName(a, b).tail).not.toBe(splitName(b, a).tail);
    }),
  );
});

test("the two parts together are the name, unless the end had to make way for the difference", () => {
  fc.assert(
    fc.property(tagOf, (text) => {
      const { head, tail } = splitName(text);
      expect(head + tail).toBe(text);
    }),
  );
});
