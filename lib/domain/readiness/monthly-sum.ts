import type { CostItem } from "./cost.ts";

/** USD a month of all of them together. */
export function monthlySum(items: readonly CostItem[]): number {
  return Math.round(items.reduce((sum, { monthly }) => sum + monthly, 0) * 100) / 100;
}
