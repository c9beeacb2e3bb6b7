import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeCursor, encodeCursor } from "./page-cursor.ts";

test("a position survives being carried by a client", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), fc.string(), (at, id) => {
      const cursor = encodeCursor({ at, id });
      expect(cursor).toMatch(/^[\w-]+$/);
      expect(decodeCursor(cursor)).toEqual({ at, id });
    }),
  );
});

test("anything else is no position", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => decodeCursor(text)).not.toThrow();
    }),
  );
  for (const value of [null, [], ["1", "a"], [1.5, "a"], [1, 2], [1, "a", 3]])
    expect(decodeCursor(Buffer.from(JSON.stringify(value)).toString("base64url"))).toBeNull();
});
