// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax under test
import { expect, test } from "vitest";
import { expandVariables } from "./expand-variables.ts";

test.each([
  ["plain", "plain"],
  ["${A}", "1"],
  ["x${A}y${A}", "x1y1"],
  ["${B:-two}", "two"],
  ["${EMPTY:-two}", "two"],
  ["${B:-}", ""],
  ["$${A}", "${A}"],
  ["^\\d+$", "^\\d+$"],
])("%s becomes %s", (text, value) => {
  expect(expandVariables(text, { A: "1", EMPTY: "" })).toEqual({ ok: true, value });
});

test("names the variable that is missing", () => {
  expect(expandVariables("${A}${B}", {})).toEqual({ ok: false, missing: "A" });
});
