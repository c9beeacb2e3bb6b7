import fc from "fast-check";
import { expect, test } from "vitest";
import { applyPatch, diff, type Json } from "./patch.ts";

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

function frozen(value: Json): Json {
  if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) frozen(member as Json);
    Object.freeze(value);
  }
  return value;
}

test("applying the difference of two values to the first gives the second, also after a trip as text", () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const patch = JSON.parse(JSON.stringify(diff(frozen(before), frozen(after))));
      expect(JSON.parse(JSON.stringify(applyPatch(before, patch)))).toEqual(JSON.parse(JSON.stringify(after)));
    }),
    { numRuns: 500 },
  );
});

test("equal values differ in nothing", () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(diff(value, structuredClone(value))).toEqual([]);
    }),
  );
});

test("a small change in a large value is a small patch", () => {
  const before = {
    targets: [
      { id: "a", state: "healthy" },
      { id: "b", state: "initial" },
    ],
    counts: { healthy: 1 },
  };
  const after = {
    targets: [
      { id: "a", state: "healthy" },
      { id: "b", state: "healthy" },
    ],
    counts: { healthy: 2 },
  };
  expect(diff(before, after)).toEqual([
    { path: ["targets", 1, "state"], value: "healthy" },
    { path: ["counts", "healthy"], value: 2 },
  ]);
});

test("a series that moved on by one is replaced whole, because that is shorter", () => {
  const series = (start: number) =>
    Array.from({ length: 30 }, (_, index) => ({
      at: start + index,
      requests: (start + index) * 7,
      errors: start + index,
    }));
  expect(diff({ series: series(1) }, { series: series(2) })).toEqual([{ path: ["series"], value: series(2) }]);
  const changed = series(1).with(4, { at: 5, requests: 0, errors: 5 });
  expect(diff({ series: series(1) }, { series: changed })).toEqual([{ path: ["series", 4, "requests"], value: 0 }]);
});

test("what did not change stays the same object, so that a view of it is not drawn again", () => {
  const before = { blue: { tasks: [1] }, green: { tasks: [2] } };
  const after = applyPatch(before, diff(before, { blue: { tasks: [1] }, green: { tasks: [3] } }));
  expect(after.blue).toBe(before.blue);
  expect(after.green).toEqual({ tasks: [3] });
});

test("a member that becomes undefined is removed, one that becomes null is kept", () => {
  expect(applyPatch<object>({ a: 1, b: 2 }, diff({ a: 1, b: 2 }, { a: undefined, b: null }))).toEqual({ b: null });
});

test("a key named __proto__ is data and changes no prototype", () => {
  const after = JSON.parse('{"__proto__": {"admin": true}}');
  const result = applyPatch({}, diff({}, after));
  expect(Object.hasOwn(result, "__proto__")).toBe(true);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});
