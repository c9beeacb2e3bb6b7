import fc from "fast-check";
import { expect, test } from "vitest";
import { foldAddress, matchesAddress } from "./address.ts";

test.each([
  ["Kim@Example.COM", "kim@example.com"],
  ["ÄNNE@example.com", "änne@example.com"],
  ["김@example.com", "김@example.com"],
])("%s is %s", (address, folded) => {
  expect(foldAddress(address)).toBe(folded);
});

test("no letter of another alphabet passes for one of ASCII: whoever has such an address is nobody else", () => {
  expect(matchesAddress(foldAddress("\u212aim@example.com"), "kim@example.com")).toBe(false);
  expect(matchesAddress(foldAddress("\u0130ris@example.com"), "i\u0307ris@example.com")).toBe(false);
  const letters = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(letters, letters, (one, other) => {
      const isPlain = (text: string) => /^[\u0020-\u007e]*$/.test(text);
      if (isPlain(foldAddress(one))) expect(isPlain(one)).toBe(true);
      if (isPlain(one) && foldAddress(one) === foldAddress(other)) expect(one.toLowerCase()).toBe(other.toLowerCase());
      expect(foldAddress(foldAddress(one))).toBe(foldAddress(one));
    }),
  );
});
