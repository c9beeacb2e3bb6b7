import { expect, test } from "vitest";
import { entityTagOf, namesTag } from "./entity-tag.ts";

const SNAPSHOT = {
  name: "library",
  answeredAt: 5,
  observedAt: 4,
  sources: [{ name: "ecs", state: "ok", ageMs: 12.5 }],
};
const tagOf = (value: unknown) => entityTagOf(JSON.stringify(value));

test("is the same while only ages and times of looking differ, and another for anything else", () => {
  const later = { ...SNAPSHOT, answeredAt: 1e21, observedAt: 9, sources: [{ name: "ecs", state: "ok", ageMs: 0 }] };
  expect(tagOf(later)).toBe(tagOf(SNAPSHOT));
  expect(tagOf({ ...SNAPSHOT, name: "other" })).not.toBe(tagOf(SNAPSHOT));
  expect(tagOf({ ...SNAPSHOT, sources: [{ name: "ecs", state: "stale", ageMs: 0 }] })).not.toBe(tagOf(SNAPSHOT));
});

test("what looks like such a member within a text counts", () => {
  expect(tagOf({ text: '"ageMs":1' })).not.toBe(tagOf({ text: '"ageMs":2' }));
});

test.each([
  [null, false],
  ["*", true],
  ['W/"a"', true],
  ['"a"', true],
  ['"b", W/"a"', true],
  ['"b"', false],
  ["a", false],
  ['"aa"', false],
])("If-None-Match %j names it: %s", (header, expected) => {
  expect(namesTag(header, 'W/"a"')).toBe(expected);
});
