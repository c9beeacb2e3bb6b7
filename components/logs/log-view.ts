import type { LogLevel } from "@/lib/domain/log/level-words.ts";
import type { LogFilter } from "@/lib/domain/observation/log-filter.ts";
import type { SlotColor } from "@/lib/domain/observation/slot.ts";
import type { BufferChange, LogRow } from "./log-buffer.ts";

/** Which lines a pane shows. */
export interface ViewSettings {
  slot: SlotColor | "both";
  filter: LogFilter;
}

/** Whether a row is shown; marks and gaps are always. */
export function isShown(row: LogRow, view: ViewSettings): boolean {
  if (row.kind !== "line") return true;
  if (view.slot !== "both" && row.line.slot !== view.slot && row.line.slot !== null) return false;
  return view.filter.matches(row.line);
}

/** How many lines of each level. */
export type LevelCount = Readonly<Record<LogLevel, number>>;
export const NO_LEVELS: LevelCount = { error: 0, warn: 0, info: 0, debug: 0, trace: 0 };

/** For how long a search may go on before the page is drawn, in ms by `clock`. */
export interface SearchBudget {
  ms: number;
  clock(): number;
}

const UNBOUNDED: SearchBudget = { ms: Number.POSITIVE_INFINITY, clock: () => 0 };
const LOOKS_AT_ONCE = 256;

/**
 * The rows of one pane, kept up with the buffer: only what changed is looked at, however many rows there are. A new filter looks
 * from the newest row backward, within a budget, so that the first that match are there at once; `more` goes on.
 */
export class LogView {
  rows: LogRow[] = [];
  #levels: Record<LogLevel, number> = { ...NO_LEVELS };
  #settings: ViewSettings;
  /** The oldest row that was looked at; null once all were. */
  #reached: LogRow | null = null;

  constructor(settings: ViewSettings, all: readonly LogRow[]) {
    this.#settings = settings;
    this.reset(settings, all);
  }

  /** Whether every row was looked at. */
  get isComplete(): boolean {
    return this.#reached === null;
  }

  /** How many of its lines are of each level; those that name none are left out. */
  get levels(): LevelCount {
    return { ...this.#levels };
  }

  #count(row: LogRow | undefined, by: 1 | -1): void {
    if (row?.kind === "line" && row.line.level !== null) this.#levels[row.line.level] += by;
  }

  #empty(): void {
    this.rows = [];
    this.#levels = { ...NO_LEVELS };
  }

  reset(settings: ViewSettings, all: readonly LogRow[], budget = UNBOUNDED): void {
    this.#settings = settings;
    this.#empty();
    this.#lookBack(all, all.length, budget);
  }

  /** Looks at older rows until the budget is used up. */
  more(all: readonly LogRow[], budget = UNBOUNDED): void {
    if (this.#reached === null) return;
    // Where it has been dropped meanwhile, so have all before it.
    this.#lookBack(all, Math.max(0, all.indexOf(this.#reached)), budget);
  }

  #lookBack(all: readonly LogRow[], before: number, { ms, clock }: SearchBudget): void {
    const startedAt = clock();
    const found: LogRow[] = [];
    let index = before;
    while (index > 0) {
      const row = all[--index];
      if (row && isShown(row, this.#settings)) found.push(row);
      if (index % LOOKS_AT_ONCE === 0 && clock() - startedAt >= ms) break;
    }
    this.#reached = index > 0 ? (all[index] ?? null) : null;
    for (const row of found) this.#count(row, 1);
    if (found.length > 0) this.rows = [...found.reverse(), ...this.rows];
  }

  apply({ dropped, from }: BufferChange, all: readonly LogRow[]): void {
    const first = all[from];
    if (!first) return;
    if (this.#reached !== null) {
      const reached = all.indexOf(this.#reached);
      // Dropped, it took all that was not looked at with it; and where older rows have changed, they are looked at now.
      if (reached < 0) this.#reached = null;
      else if (from <= reached) this.#reached = from === 0 ? null : first;
    }
    if (from === 0) this.#empty();
    else {
      let gone = 0;
      for (const row of dropped) if (this.rows[gone] === row) gone++;
      if (gone > 0) for (const row of this.rows.splice(0, gone)) this.#count(row, -1);
      // Rows that stood behind what was sorted in come again with it.
      while ((this.rows.at(-1)?.at ?? first.at) > first.at) this.#count(this.rows.pop(), -1);
    }
    for (let index = from; index < all.length; index++) {
      const row = all[index];
      if (!row || !isShown(row, this.#settings)) continue;
      this.rows.push(row);
      this.#count(row, 1);
    }
  }
}
