import { expect, test } from "vitest";
import { chooseMediaType } from "./media-type.ts";

const OFFERED = ["application/json", "text/csv", "application/x-ndjson"] as const;

test.each([
  [null, "application/json"],
  ["", "application/json"],
  ["*/*", "application/json"],
  ["text/csv", "text/csv"],
  ["TEXT/CSV", "text/csv"],
  ["text/*", "text/csv"],
  ["application/*", "application/json"],
  ["text/csv;q=0.5, application/x-ndjson", "application/x-ndjson"],
  ["text/csv;q=0.5,application/json;q=0.4", "text/csv"],
  ["application/json;q=0, */*", "text/csv"],
  ["application/json;q=0, text/*;q=0.1, */*;q=0.2", "application/x-ndjson"],
  ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"],
  ["text/csv;charset=utf-8;q=0.9, application/json;q=0.8", "text/csv"],
  ['text/csv;note="a,b;q=0";q=0.9, application/json;q=0.8', "text/csv"],
  ["text/csv ; q = 0.9 , application/json ; q=0.8", "text/csv"],
  ["nonsense", "application/json"],
  ["text/html", null],
  ["image/png, text/html;q=0.9", null],
  ["application/json;q=0", null],
  ["*/*;q=0", null],
  ["text/csv;q=0.000", null],
])("%j is answered as %s", (accept, expected) => {
  expect(chooseMediaType(accept, OFFERED)).toBe(expected);
});

test("a header of any length is read as far as anybody writes one", () => {
  expect(chooseMediaType(`text/csv,${'"'.repeat(100_000)}`, OFFERED)).toBe("text/csv");
});
