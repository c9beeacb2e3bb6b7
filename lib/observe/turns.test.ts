import { expect, test } from "vitest";
import { longestDue } from "./turns.ts";

test("nothing is due before its time", () => {
  expect(longestDue([], 100)).toBeUndefined();
  expect(longestDue([{ dueAt: 101 }], 100)).toBeUndefined();
  expect(longestDue([{ dueAt: 100 }], 100)).toEqual({ dueAt: 100 });
});

test("where one of ten has a turn at a time, each has one in ten", () => {
  const all = Array.from({ length: 10 }, (_, id) => ({ id, dueAt: 0 }));
  const turns = new Map<number, number>();
  for (let at = 1; at <= 100; at++) {
    const due = longestDue(all, at);
    if (!due) continue;
    turns.set(due.id, (turns.get(due.id) ?? 0) + 1);
    // Due again sooner than all ten had a turn.
    due.dueAt = at + 5;
  }
  expect([...turns.values()]).toEqual(all.map(() => 10));
});
