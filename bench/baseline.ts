import { readFile } from "node:fs/promises";
import type { Figure } from "./figure.ts";

/** What figures were at one commit, on one kind of machine. */
export interface Baseline {
  commit: string;
  cores: number;
  /**
   * By figure. `ratio` is the value over what bare calls took in the same run, which does not change with the machine; where a
   * figure has no such limit, its value counts.
   */
  figures: Readonly<Record<string, { value: number; ratio?: number; better: "less" | "more" }>>;
}

/** Chance and neighbours on the machine make no two runs the same. */
const TOLERATED = 1.5;

/** The committed baseline. */
export async function readBaseline(): Promise<Baseline> {
  return JSON.parse(await readFile(new URL("baseline.json", import.meta.url), "utf8")) as Baseline;
}

/** One line for each figure that became worse than the baseline allows; figures that it does not know are left out. */
export function findWorse(figures: readonly Figure[], { commit, figures: known }: Baseline): string[] {
  return figures.flatMap((figure) => {
    const before = known[figure.name];
    if (!before) return [];
    const isRatio = before.ratio !== undefined && figure.limit !== undefined && figure.limit > 0;
    const was = isRatio ? (before.ratio ?? 0) : before.value;
    const is = isRatio ? figure.value / (figure.limit ?? 1) : figure.value;
    const isWorse = before.better === "less" ? is > was * TOLERATED : is < was / TOLERATED;
    if (Number.isFinite(is) && !isWorse) return [];
    const what = isRatio ? "times the physical limit" : figure.unit;
    return [`${figure.name}: ${round(is)} ${what}, ${round(was)} at ${commit}`];
  });
}

function round(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
