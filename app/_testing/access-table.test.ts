import { expect, test } from "vitest";
import { ACCESS_TABLE, ASKERS, cellsOf } from "./access-table.ts";
import { findSubjects, findUnjudged } from "./find-subjects.ts";

test("every page, REST method, server action, operation and query has its row, and every row its subject", async () => {
  const names = (await findSubjects()).map(({ name }) => name);
  expect(new Set(names).size, "no two of one name").toBe(names.length);
  const where = "app/_testing/access-table.ts says who gets what answer";
  expect(
    names.filter((name) => !ACCESS_TABLE[name]),
    `without a row: ${where}`,
  ).toEqual([]);
  expect(
    Object.keys(ACCESS_TABLE).filter((name) => !names.includes(name)),
    `of nothing: ${where}`,
  ).toEqual([]);
  // Every operation is imported, which takes long on a busy machine.
}, 60_000);

test("nothing of lib/operations takes a context but operations, which say what they are judged by", async () => {
  expect(await findUnjudged()).toEqual([]);
});

test("no cell is left unsaid", () => {
  for (const row of Object.values(ACCESS_TABLE)) expect(cellsOf(row).size).toBe(ASKERS.length);
});
