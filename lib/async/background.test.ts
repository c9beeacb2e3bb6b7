import { expect, test } from "vitest";
import { createBackground } from "./background.ts";

test("what is kept is waited for, and nothing is left afterwards", async () => {
  const background = createBackground(() => {});
  const { promise, resolve } = Promise.withResolvers<void>();
  background.keep(promise);
  const settled = background.settled();
  expect(settled).not.toBeNull();
  resolve();
  await settled;
  expect(background.settled()).toBeNull();
});

test("a failure is told once and ends there", async () => {
  const told: unknown[] = [];
  const background = createBackground((error) => told.push(error));
  const failure = new Error("gone");
  background.keep(Promise.reject(failure));
  await background.settled();
  expect(told).toEqual([failure]);
});
