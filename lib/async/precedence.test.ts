import { expect, test, vi } from "vitest";
import { createPrecedence } from "./precedence.ts";

const LIMITS = { longestMs: 750, mostWaiting: 2 };

test("nobody steps aside when nothing goes first", () => {
  expect(createPrecedence(LIMITS).turn()).toBeNull();
});

test("others wait until all that goes first has ended, and what comes later is not waited for", async () => {
  const precedence = createPrecedence(LIMITS);
  const [one, two, later] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  const order: string[] = [];
  void precedence.first(one.promise);
  void precedence.first(two.promise);
  const turn = precedence.turn()?.then(() => order.push("turn"));
  void precedence.first(later.promise);
  order.push("one");
  one.resolve();
  await new Promise(setImmediate);
  order.push("two");
  two.resolve();
  await turn;
  expect(order).toEqual(["one", "two", "turn"]);
  later.resolve();
});

test("what takes too long is waited for no longer, and goes on", async () => {
  vi.useFakeTimers();
  try {
    const precedence = createPrecedence(LIMITS);
    const work = Promise.withResolvers<string>();
    const first = precedence.first(work.promise);
    const turn = precedence.turn();
    await vi.advanceTimersByTimeAsync(LIMITS.longestMs + 1);
    await turn;
    expect(precedence.turn()).toBeNull();
    work.resolve("done");
    expect(await first).toBe("done");
  } finally {
    vi.useRealTimers();
  }
});

test("a failure is its caller's alone, and ends the wait", async () => {
  const precedence = createPrecedence(LIMITS);
  const first = precedence.first(Promise.reject(new Error("refused")));
  await precedence.turn();
  await expect(first).rejects.toThrow("refused");
});

test("the queue is bounded: one more goes on at once", async () => {
  const precedence = createPrecedence(LIMITS);
  const work = Promise.withResolvers<void>();
  void precedence.first(work.promise);
  const waits = [precedence.turn(), precedence.turn()];
  expect(precedence.turn()).toBeNull();
  work.resolve();
  await Promise.all(waits);
  void precedence.first(Promise.resolve());
  expect(precedence.turn()).not.toBeNull();
});
