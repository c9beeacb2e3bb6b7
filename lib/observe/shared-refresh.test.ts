import { expect, test } from "vitest";
import { createSharedRefreshes } from "./shared-refresh.ts";

/** Readings that end when told to. */
function manual() {
  const ends: ((value: number) => void)[] = [];
  const read = () => new Promise<number>((resolve) => ends.push(resolve));
  return { ends, refreshes: createSharedRefreshes(read, (options: "question" | "action") => options) };
}

test("all who ask while one waits share the next reading, whose calls are sent after they asked", async () => {
  const { ends, refreshes } = manual();
  const first = refreshes.after("library", "action");
  const [second, third] = [refreshes.after("library", "action"), refreshes.after("library", "action")];
  expect(ends).toHaveLength(1);
  ends[0]?.(1);
  expect(await first).toBe(1);
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.(2);
  expect(await Promise.all([second, third])).toEqual([2, 2]);
});

test("who may join takes the reading under way, and holds up nobody who asks for another", async () => {
  const { ends, refreshes } = manual();
  const question = refreshes.joined("library", "question");
  const joined = refreshes.joined("library", "question");
  const action = refreshes.after("library", "action");
  expect(ends).toHaveLength(2);
  ends[1]?.(2);
  expect(await action).toBe(2);
  ends[0]?.(1);
  expect(await Promise.all([question, joined])).toEqual([1, 1]);
});

test("a reading that fails fails only those who wait for it", async () => {
  const answers = [() => Promise.reject(new Error("AWS does not answer")), () => Promise.resolve(2)];
  const refreshes = createSharedRefreshes(
    () => (answers.shift() as () => Promise<number>)(),
    () => "",
  );
  const first = refreshes.after("library", null);
  const second = refreshes.after("library", null);
  await expect(first).rejects.toThrow("AWS does not answer");
  expect(await second).toBe(2);
});

test("whoever asks while a reading hangs has one of their own soon, which all who ask then share", async () => {
  const ends: ((value: number) => void)[] = [];
  const read = () => new Promise<number>((resolve) => ends.push(resolve));
  const refreshes = createSharedRefreshes(read, () => "", 10);
  const hangs = refreshes.after("library", null);
  const [click, another] = [refreshes.after("library", null), refreshes.after("library", null)];
  expect(ends).toHaveLength(1);
  await expect.poll(() => ends.length).toBe(2);
  ends[1]?.(2);
  expect(await Promise.all([click, another])).toEqual([2, 2]);
  ends[0]?.(1);
  expect(await hangs).toBe(1);
});
