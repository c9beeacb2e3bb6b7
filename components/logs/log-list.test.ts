import { expect, test } from "vitest";
import { inEnglish } from "@/lib/domain/sentence/in-language.ts";
import { matchSaid } from "./log-list.tsx";

test.each([
  [0, "both", "No line matches level:error"],
  [0, "blue", "No line of blue matches level:error"],
  [1, "both", "1 line matches level:error"],
  [38, "green", "38 lines of green match level:error"],
] as const)("%i rows of %s are told as: %s", (count, slot, words) => {
  expect(inEnglish(matchSaid(count, slot, "level:error"))).toBe(words);
});
