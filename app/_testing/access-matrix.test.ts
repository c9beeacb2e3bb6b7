import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCESS_TABLE, ASKERS, type Asker, type Cell, cellsOf } from "./access-table.ts";
import { askSubject } from "./ask-subject.ts";
import { findSubjects, type Subject } from "./find-subjects.ts";
import { createMatrixWorld, type MatrixWorld } from "./matrix-world.ts";

const subjects: Subject[] = await findSubjects();
let matrix: MatrixWorld;
beforeAll(async () => {
  matrix = await createMatrixWorld();
});
afterAll(() => matrix?.close());

test("the size of the matrix", () => {
  const cells = subjects.length * ASKERS.length;
  process.stdout.write(`access matrix: ${subjects.length} subjects x ${ASKERS.length} askers = ${cells} cells\n`);
  expect(cells).toBeGreaterThan(1_000);
});

test.each(subjects)("$name", async (subject) => {
  const row = ACCESS_TABLE[subject.name];
  if (!row) return;
  matrix.renewRuntime();
  await matrix.noteAudit();
  const found: [Asker, Cell][] = [];
  for (const asker of ASKERS) found.push([asker, await askSubject(subject, row, await matrix.headersOf(asker))]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(cellsOf(row)));
});
