import fc from "fast-check";
import { expect, test } from "vitest";
import { cutText } from "@/lib/domain/text/cut-text.ts";
import { readLogAddress, writeLogAddress } from "./use-address.ts";

test("what is written is read again, and everything else of the address stays", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.constantFrom(null, "merged", "green"), (filter, view) => {
      const at = filter.length === 0 ? null : 1_764_435_601_000 + filter.length;
      const line = at === null || view === null ? null : "m3x-a_b-0";
      const search = writeLogAddress("?tab=1", { filter, view, at, line });
      expect(readLogAddress(search)).toEqual({ filter: cutText(filter, 1000).toWellFormed(), view, at, line });
      expect(new URLSearchParams(search).get("tab")).toBe("1");
    }),
  );
  expect(writeLogAddress("?log=x&view=blue", { filter: "", view: null, at: null, line: null })).toBe("");
  expect(readLogAddress("?at=tomorrow").at).toBeNull();
});
