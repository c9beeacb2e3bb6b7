import { expect, test } from "vitest";
import { markupOf } from "@/components/fixtures/in-language.tsx";
import { JsonTree, jsonOf } from "./json-tree.tsx";

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

test.each([
  ["[", "]"],
  ['{"a":', "}"],
])("what is nested deeper than anything can write is drawn as far as it opens: %s", (opening, closing) => {
  const depth = Math.floor(16_000 / (opening.length + closing.length));
  const value = jsonOf(`${opening.repeat(depth)}1${closing.repeat(depth)}`);
  expect(markupOf(<JsonTree value={value ?? {}} />)).toContain("<details");
});
