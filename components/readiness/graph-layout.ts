import type { ReadinessStep } from "@/lib/domain/readiness/readiness.ts";

/** A step of the graph with its place: column by what it needs, row within the column. */
export interface GraphNode<S> {
  step: S;
  column: number;
  row: number;
}

/** The steps as a graph from left to right. */
export interface GraphLayout<S> {
  nodes: readonly GraphNode<S>[];
  edges: readonly { from: GraphNode<S>; to: GraphNode<S> }[];
  columns: number;
  rows: number;
}

/** Puts every step one column to the right of the last that it needs; a step that needs what is not there needs nothing. */
export function layoutGraph<S extends Pick<ReadinessStep, "id" | "needs">>(steps: readonly S[]): GraphLayout<S> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const columns = new Map<string, number>();
  const columnOf = (step: S, seen: ReadonlySet<string>): number => {
    const known = columns.get(step.id);
    if (known !== undefined) return known;
    const before = step.needs.flatMap((id) => {
      const other = byId.get(id);
      return other && !seen.has(id) ? [columnOf(other, new Set([...seen, id]))] : [];
    });
    const column = before.length === 0 ? 0 : Math.max(...before) + 1;
    columns.set(step.id, column);
    return column;
  };
  const filled: number[] = [];
  const nodes = steps.map((step) => {
    const column = columnOf(step, new Set([step.id]));
    const row = filled[column] ?? 0;
    filled[column] = row + 1;
    return { step, column, row };
  });
  const nodeOf = new Map(nodes.map((node) => [node.step.id, node]));
  const edges = nodes.flatMap((to) =>
    to.step.needs.flatMap((id) => {
      const from = nodeOf.get(id);
      return from ? [{ from, to }] : [];
    }),
  );
  return { nodes, edges, columns: filled.length, rows: Math.max(0, ...filled.map((count) => count ?? 0)) };
}
