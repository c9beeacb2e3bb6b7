import { expect, test } from "vitest";
import { typedName } from "./typed-name.ts";

test.each([
  [" Kim@Example.com ", "kim@example.com"],
  ["\u200bkim@example.com\ufeff", "kim@example.com"],
  ["김철수".normalize("NFD"), "김철수"],
  ["Ka\u0308the", "Käthe"],
  ["\u2067Kim\u2069", "Kim"],
  ["\u212aim@example.com", "\u212aim@example.com"],
  ["Kim (release bot)", "Kim (release bot)"],
  [null, ""],
])("%j is kept as %j", (typed, kept) => {
  expect(typedName(typed)).toBe(kept);
});
