import { expect, test } from "vitest";
import { NOW } from "@/components/fixtures/snapshots.ts";
import { keepOverride, takeKeptOverride } from "./kept-override.ts";

function tab() {
  const values = new Map<string, string>();
  return {
    values,
    storage: () => ({
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
      removeItem: (key: string) => void values.delete(key),
    }),
  };
}
const ASKED = { verb: "switch", to: "green", reason: "The other tool is ours" } as const;

test("what was about to be overridden is there after signing in again, once, on its own board and for its own verb", () => {
  const { storage, values } = tab();
  keepOverride("library", ASKED, NOW, storage);
  expect([...values.values()].join()).not.toContain("library");
  expect(takeKeptOverride("catalog", "switch", NOW, storage)).toBeNull();
  expect(takeKeptOverride("library", "rollback", NOW, storage)).toBeNull();
  expect(takeKeptOverride("library", "switch", NOW + 60_000, storage)).toEqual(ASKED);
  expect(takeKeptOverride("library", "switch", NOW + 60_000, storage)).toBeNull();
});

test("how traffic was to move is kept, so that nobody signs in into another rollout", () => {
  const { storage, values } = tab();
  const canary = { ...ASKED, rollout: { strategy: "CANARY", percent: 10, bakeMinutes: 5 } } as const;
  keepOverride("library", canary, NOW, storage);
  expect(takeKeptOverride("library", "switch", NOW, storage)).toEqual(canary);
  const broken = { ...ASKED, rollout: { strategy: "CANARY", percent: "10" }, at: NOW };
  values.set("switchyard.override.library", JSON.stringify(broken));
  expect(takeKeptOverride("library", "switch", NOW, storage)).toBeNull();
});

test("what is too old is forgotten", () => {
  const { storage, values } = tab();
  keepOverride("library", ASKED, NOW, storage);
  expect(takeKeptOverride("library", "switch", NOW + 11 * 60_000, storage)).toBeNull();
  expect(values.size).toBe(0);
});

test.each(["", "{", "null", "[]", '{"verb":"switch","to":"red","reason":"x","at":1}', '{"verb":"switch"}'])(
  "what is no request is none: %j",
  (text) => {
    const { storage, values } = tab();
    values.set("switchyard.override.library", text);
    expect(takeKeptOverride("library", "switch", NOW, storage)).toBeNull();
  },
);

test("a browser that keeps nothing is no error", () => {
  const refuses = () => {
    throw new DOMException("denied", "SecurityError");
  };
  keepOverride("library", ASKED, NOW, refuses);
  expect(takeKeptOverride("library", "switch", NOW, refuses)).toBeNull();
});
