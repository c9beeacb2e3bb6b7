import { expect, test } from "vitest";
import { sourceField } from "./input.ts";

test.each<[string, boolean]>([
  ["https://github.com/team/library/commit/3e91", true],
  ["https://ci.example/run?by=kim@example.com#@", true],
  ["https://kim:hunter2@ci.example/run", false],
  ["https://token@ci.example/run", false],
  ["https://:hunter2@ci.example/run", false],
  ["http://ci.example/run", false],
  ["javascript:alert(1)", false],
  [`https://ci.example/${"a".repeat(500)}`, false],
])("%s may be shown as a link: %s", (url, isTaken) => {
  expect(sourceField.safeParse({ url }).success).toBe(isTaken);
  expect(sourceField.safeParse({ pipeline: url }).success).toBe(isTaken);
});
