import { expect, test } from "vitest";
import type { Identity } from "../domain/access/role.ts";
import type { Context } from "./context.ts";
import { mayGoOn } from "./may-go-on.ts";

const KIM: Identity = { id: "kim", name: "Kim", role: "viewer", via: "session", authenticatedAt: 1 };
const asked = (now: Identity | null) => {
  // Safe because nothing but who asks is looked at.
  const ctx = { identity: KIM, again: async () => now } as unknown as Context;
  return mayGoOn(ctx)?.();
};

test("what is open goes on while its asker may see and do the same", async () => {
  expect(await asked(KIM)).toBe("yes");
  expect(await asked({ ...KIM, authenticatedAt: 2 })).toBe("yes");
  expect(await asked({ ...KIM, applicationRoles: { library: "operator" } })).toBe("changed");
  expect(await asked({ ...KIM, role: null })).toBe("changed");
  expect(await asked(null)).toBe("over");
});

test("who cannot be asked again is not", () => {
  expect(mayGoOn({ identity: KIM } as unknown as Context)).toBeUndefined();
});
