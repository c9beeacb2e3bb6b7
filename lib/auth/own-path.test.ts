import fc from "fast-check";
import { expect, test } from "vitest";
import { ownPath } from "./own-path.ts";

test.each([
  ["/library", "/library"],
  ["/library/logs?slot=blue&filter=a%20b", "/library/logs?slot=blue&filter=a%20b"],
  ["/a/../library", "/library"],
  ["/.//evil.example/x", "/"],
  ["/a/..//evil.example/x", "/"],
  ["/%2e//evil.example/x", "/"],
  ["/a/%2e%2e//evil.example", "/"],
  ["//own.invalid//evil.example/x", "/"],
  ["//evil.example", "/"],
  ["/\\evil.example", "/"],
  ["/\t/evil.example", "/"],
  ["\\\\evil.example", "/"],
  ["https://evil.example", "/"],
  ["javascript:alert(1)", "/"],
  ["", "/"],
  [undefined, "/"],
  [["/library", "//evil.example"], "/library"],
])("%j leads to %s", (value, path) => {
  expect(ownPath(value)).toBe(path);
});

test("whatever is asked for, a browser stays with us", () => {
  const piece = fc.constantFrom(
    "/",
    "\\",
    ".",
    "..",
    "%2e",
    "%5c",
    "%2f",
    "evil.example",
    ":",
    "@",
    "?",
    "#",
    "\t",
    "\n",
    "http:",
    "own.invalid",
    "a",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const path = ownPath(`/${pieces.join("")}`);
      expect(new URL(path, "https://switchyard.example.com/sign-in").origin).toBe("https://switchyard.example.com");
      expect(ownPath(path), "the same when it is asked for again").toBe(path);
    }),
    { numRuns: 2_000 },
  );
});
