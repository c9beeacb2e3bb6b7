import { expect, test } from "vitest";
import { isAddressRange } from "./address-range.ts";

test.each([
  ["10.0.0.0/8", true],
  ["192.0.2.7", true],
  ["2001:db8::/32", true],
  ["10.0.0.0/33", false],
  ["10.0.0.0/", false],
  ["10.0.0.0/8/8", false],
  ["*", false],
  ["proxy.example.com", false],
  ["", false],
])("%s is a range: %s", (text, expected) => {
  expect(isAddressRange(text)).toBe(expected);
});
