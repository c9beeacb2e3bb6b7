import { expect, test } from "vitest";
import type { LogLine } from "@/lib/domain/observation/log-line.ts";
import { isPastGap } from "./log-buffer.ts";
import { LogStore } from "./log-store.ts";
import { loadAround, loadNewer, loadOlder, type ReadPage } from "./use-past.ts";

const line = (at: number): LogLine => ({
  id: `l${at}`,
  at,
  slot: "blue",
  taskId: "t",
  stream: "s",
  level: null,
  text: `line ${at}`,
});
const storeOf = () =>
  new LogStore({
    open: () => ({ onopen: null, onerror: null, addEventListener() {}, close() {} }),
    findRefusal: async () => null,
    setTimer: () => 0,
    now: () => 1e12,
    clearTimer() {},
  });
const times = (store: LogStore) =>
  store.buffer.rows.map((row) => (row.kind === "line" ? row.at : `${row.kind} ${row.at}`));

/** A log of lines 1 to 100, answered five at a time. */
const read: ReadPage = async ({ before, after }) => {
  const all = Array.from({ length: 100 }, (_, n) => line(n + 1));
  const lines = before
    ? all.filter(({ at }) => at <= Number(before)).slice(-5)
    : all.filter(({ at }) => at >= Number(after)).slice(0, 5);
  const [first, last] = [lines[0]?.at ?? 0, lines.at(-1)?.at ?? 0];
  return before
    ? { lines, from: first, to: Number(before), isComplete: first === 1 }
    : { lines, from: Number(after), to: last, isComplete: last === 100 };
};

test("the lines around a moment come in their places, and where the next are missing it says so", async () => {
  const store = storeOf();
  store.addPast([line(99), line(100)]);
  await loadAround(store, read, 50);
  expect(times(store)).toEqual([46, 47, 48, 49, 50, 51, 52, 53, 54, "gap 55", 99, 100]);
});

test("older lines come page by page, none twice, until there are no more", async () => {
  const store = storeOf();
  store.addPast([line(8), line(9)]);
  expect(await loadOlder(store, read, 0)).toEqual({ at: 8, isComplete: false });
  expect(times(store)).toEqual([4, 5, 6, 7, 8, 9]);
  expect(await loadOlder(store, read, 0)).toEqual({ at: 4, isComplete: true });
  expect(times(store)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("newer lines come page by page from where they are missing, until they meet those that are there", async () => {
  const store = storeOf();
  store.addPast([line(62), line(63)]);
  await loadAround(store, read, 50);
  const gap = () => store.buffer.rows.find(isPastGap);
  const first = gap();
  if (!first) throw new Error("nothing is missing");
  await loadNewer(store, read, first);
  expect(times(store).slice(-6)).toEqual([57, 58, 59, "gap 60", 62, 63]);
  const second = gap();
  if (!second) throw new Error("nothing is missing");
  await loadNewer(store, read, second);
  expect(times(store).slice(-5)).toEqual([60, 61, 62, 63, 64]);
  expect(gap()).toBeUndefined();
});

test("a moment with more lines than a page holds does not hold it up", async () => {
  const store = storeOf();
  store.addPast([line(50)]);
  const stuck: ReadPage = async ({ before }) =>
    before === "50" ? { lines: [line(50)], from: 50, to: 50, isComplete: false } : read({ before: before ?? "" });
  await loadOlder(store, stuck, 0);
  expect(times(store)).toEqual([45, 46, 47, 48, 49, 50]);
});
