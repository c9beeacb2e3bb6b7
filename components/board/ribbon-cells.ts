import type { HealthSpan, TargetHealthState } from "@/lib/domain/observation/slot.ts";

/** What one cell of the ribbon shows. */
export type RibbonCell = "none" | "healthy" | "starting" | "unhealthy" | "other";

const RANK: readonly RibbonCell[] = ["none", "healthy", "other", "starting", "unhealthy"];
/** How far back the ribbon looks. */
export const RIBBON_MS = 15 * 60_000;

function cellOf(state: TargetHealthState): RibbonCell {
  if (state === "healthy") return "healthy";
  if (state === "initial") return "starting";
  return state === "unhealthy" || state === "unhealthy.draining" ? "unhealthy" : "other";
}

/** The last 15 minutes in `count` cells, oldest first; a cell shows the worst that happened within it. */
export function ribbonCells(history: readonly HealthSpan[], now: number, count = 60): RibbonCell[] {
  const width = RIBBON_MS / count;
  const start = now - RIBBON_MS;
  return Array.from({ length: count }, (_, index) => {
    const from = start + index * width;
    const to = from + width;
    let worst: RibbonCell = "none";
    for (const [i, span] of history.entries()) {
      const end = history[i + 1]?.at ?? now;
      if (span.at >= to || (end <= from && i < history.length - 1)) continue;
      const cell = cellOf(span.state);
      if (RANK.indexOf(cell) > RANK.indexOf(worst)) worst = cell;
    }
    return worst;
  });
}

/** How long the target was unhealthy within the last 15 minutes, in ms. */
export function unhealthyMs(history: readonly HealthSpan[], now: number): number {
  return history.reduce((sum, span, i) => {
    if (cellOf(span.state) !== "unhealthy") return sum;
    const end = history[i + 1]?.at ?? now;
    return sum + Math.max(0, end - Math.max(span.at, now - RIBBON_MS));
  }, 0);
}
