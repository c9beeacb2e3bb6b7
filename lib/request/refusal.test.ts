import { expect, test } from "vitest";
import { isStoreAway, refusalOf, withStore } from "./refusal.ts";

function named(name: string): Error {
  return Object.assign(new Error("as it was thrown"), { name });
}

test("another replica's turn is not told as a database that is away", async () => {
  for (const name of ["FenceLost", "NotHeld"]) {
    const thrown = await withStore(() => Promise.reject(named(name))).catch((error: unknown) => error);
    expect(refusalOf(thrown)).toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: "Another replica acts on the application just now, so nothing was started",
      fix: "Try again in a moment",
    });
  }
  const refused = Object.assign(named("Error"), { code: "ECONNREFUSED" });
  const away = await withStore(() => Promise.reject(refused)).catch((error: unknown) => error);
  expect(refusalOf(away).message).toMatch(/^The database does not answer/);
  expect(isStoreAway(away)).toBe(true);
});

test("a key that is taken, or a query that fails, opens nothing that is done without the database", async () => {
  for (const code of ["23505", "42P01", undefined]) {
    const failed = Object.assign(named("Error"), { code });
    const thrown = await withStore(() => Promise.reject(failed)).catch((error: unknown) => error);
    expect(isStoreAway(thrown)).toBe(false);
    expect(refusalOf(thrown)).toMatchObject({
      code: "STORE_UNAVAILABLE",
      message: expect.stringContaining("an error"),
    });
  }
});
