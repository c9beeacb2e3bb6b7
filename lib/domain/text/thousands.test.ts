import fc from "fast-check";
import { expect, test } from "vitest";
import { thousands } from "./thousands.ts";

test("thousands are parted by commas, as Intl does it", () => {
  fc.assert(
    fc.property(fc.integer(), (count) => {
      expect(thousands(count)).toBe(count.toLocaleString("en"));
    }),
  );
});
