import type { SlotColor } from "@/lib/domain/slot.ts";
import type { BufferChange, LogRow } from "./log-buffer.ts";
import type { LogFilter } from "./log-filter.ts";

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

/** The rows of one pane, kept up with the buffer: made anew only when rows were sorted in or trimmed, or the settings changed. */
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

  apply(change: BufferChange, all: readonly LogRow[]): void {
    if (!change.isAppendOnly) this.reset(this.#settings, all);
    else for (const row of change.added) if (isShown(row, this.#settings)) this.rows.push(row);
  }
}
