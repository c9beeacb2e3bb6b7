import fc from "fast-check";
import { expect, test } from "vitest";
import { type JsonPatchOperation, toJsonPatch } from "./json-patch.ts";
import { diff, type Json } from "./patch.ts";

/** RFC 6902 by its text, sections 4.1 to 4.3; throws where the RFC says that it is an error. */
function applied(document: Json, operations: readonly JsonPatchOperation[]): Json {
  let root = structuredClone(document) as Json;
  for (const operation of operations) {
    if (operation.path === "") {
      if (operation.op === "remove") throw new Error("The whole cannot be removed");
      root = operation.value;
      continue;
    }
    const keys = operation.path
      .split("/")
      .slice(1)
      .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = keys.pop() ?? "";
    let at = root as Record<string, Json>;
    for (const key of keys) {
      if (!Object.hasOwn(at, key)) throw new Error(`${operation.path}: nothing at ${key}`);
      at = at[key] as Record<string, Json>;
    }
    const isThere = Object.hasOwn(at, last);
    if (operation.op !== "add" && !isThere) throw new Error(`${operation.path}: nothing there`);
    if (operation.op === "add" && Array.isArray(at)) throw new Error(`${operation.path}: would be inserted`);
    if (operation.op === "remove") delete at[last];
    else
      Object.defineProperty(at, last, { value: operation.value, enumerable: true, configurable: true, writable: true });
  }
  return root;
}

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
const asText = (value: unknown) => JSON.parse(JSON.stringify(value));

test("a reader of RFC 6902 comes to the same value, whatever changed", () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      expect(asText(applied(asText(before), asText(toJsonPatch(diff(before, after)))))).toEqual(asText(after));
    }),
    { numRuns: 500 },
  );
});

test("keys of any kind are escaped as JSON Pointers, and items of arrays are replaced", () => {
  const before = { "a/b": { "c~d": 1, "": 2 }, list: [1, 2], gone: 1 };
  const after = { "a/b": { "c~d": 2, "": 3 }, list: [1, 3], come: null };
  expect(toJsonPatch(diff(before, after))).toEqual([
    { op: "remove", path: "/gone" },
    { op: "add", path: "/a~1b/c~0d", value: 2 },
    { op: "add", path: "/a~1b/", value: 3 },
    { op: "replace", path: "/list/1", value: 3 },
    { op: "add", path: "/come", value: null },
  ]);
});
