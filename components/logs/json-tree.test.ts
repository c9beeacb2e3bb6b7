import { expect, test } from "vitest";
import { jsonOf } from "./json-tree.tsx";

test.each<[string, object | undefined]>([
  ['{"a":1}', { a: 1 }],
  ['2026-11-29T17:00:01Z {"a":{"b":[1]}}', { a: { b: [1] } }],
  ["[1,2]", [1, 2]],
  ["{}", undefined],
  ["[ERROR] failed", undefined],
  ['{"a":1', undefined],
  ["no object", undefined],
])("%s", (text, value) => {
  expect(jsonOf(text)).toEqual(value);
});
