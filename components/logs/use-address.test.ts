import fc from "fast-check";
import { expect, test } from "vitest";
import { readLogAddress, writeLogAddress } from "./use-address.ts";

test("what is written is read again, and everything else of the address stays", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.constantFrom(null, "merged", "green"), (filter, view) => {
      const at = filter.length === 0 ? null : 1_764_435_601_000 + filter.length;
      const search = writeLogAddress("?tab=1", { filter, view, at });
      expect(readLogAddress(search)).toEqual({ filter, view, at });
      expect(new URLSearchParams(search).get("tab")).toBe("1");
    }),
  );
  expect(writeLogAddress("?log=x&view=blue", { filter: "", view: null, at: null })).toBe("");
  expect(readLogAddress("?at=tomorrow").at).toBeNull();
});
