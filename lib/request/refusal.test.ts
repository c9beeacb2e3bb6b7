import { expect, test } from "vitest";
import { refusalOf, withStore } from "./refusal.ts";

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
  const away = await withStore(() => Promise.reject(named("Error"))).catch((error: unknown) => error);
  expect(refusalOf(away).message).toMatch(/^The database does not answer/);
});
