import { expect, test } from "vitest";
import { STEPS } from "@/lib/domain/readiness/steps.ts";
import { layoutGraph } from "./graph-layout.ts";

test("every step stands to the right of all that it needs, and no two in one place", () => {
  const { nodes, edges, columns, rows } = layoutGraph(STEPS);
  expect(nodes).toHaveLength(24);
  expect(edges.length).toBe(STEPS.flatMap(({ needs }) => needs).length);
  for (const { from, to } of edges) expect(from.column).toBeLessThan(to.column);
  expect(new Set(nodes.map(({ column, row }) => `${column}/${row}`)).size).toBe(24);
  for (const { column, row } of nodes) expect(column < columns && row < rows).toBe(true);
});

test("steps that need each other end somewhere", () => {
  const { nodes } = layoutGraph([
    { id: "a", needs: ["b"] },
    { id: "b", needs: ["a", "gone"] },
  ]);
  expect(nodes.map(({ step, column }) => [step.id, column])).toEqual([
    ["a", 1],
    ["b", 0],
  ]);
});
