import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { inTurn } from "./in-turn.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("one after the other with a gap between them, and a name that waits is done once", async () => {
  const done: string[] = [];
  let underWay = 0;
  const ask = inTurn(50, async (name) => {
    underWay += 1;
    expect(underWay).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    underWay -= 1;
    done.push(name);
  });
  for (const name of ["a", "b", "a", "c"]) ask(name);
  await vi.advanceTimersByTimeAsync(49);
  expect(underWay).toBe(0);
  await vi.advanceTimersByTimeAsync(21);
  expect(done).toEqual(["a"]);
  ask("a");
  await vi.advanceTimersByTimeAsync(210);
  expect(done).toEqual(["a", "b", "c", "a"]);
  ask("d");
  await vi.advanceTimersByTimeAsync(70);
  expect(done.at(-1)).toBe("d");
});
