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

/** The rows of one pane, kept up with the buffer: only what changed is looked at, however many rows there are. */
export class LogView {
  rows: LogRow[] = [];
  #settings: ViewSettings;

  constructor(settings: ViewSettings, all: readonly LogRow[]) {
    this.#settings = settings;
    this.reset(settings, all);
  }

  reset(settings: ViewSettings, all: readonly LogRow[]): void {
    this.#settings = settings;
    this.rows = all.filter((row) => isShown(row, settings));
  }

  apply({ dropped, from }: BufferChange, all: readonly LogRow[]): void {
    const first = all[from];
    if (!first) return;
    if (from === 0) this.rows = [];
    else {
      let gone = 0;
      for (const row of dropped) if (this.rows[gone] === row) gone++;
      if (gone > 0) this.rows.splice(0, gone);
      // Rows that stood behind what was sorted in come again with it.
      while ((this.rows.at(-1)?.at ?? first.at) > first.at) this.rows.pop();
    }
    for (let index = from; index < all.length; index++) {
      const row = all[index];
      if (row && isShown(row, this.#settings)) this.rows.push(row);
    }
  }
}
