import type { LogRow } from "./log-buffer.ts";
import { isShown, type ViewSettings } from "./log-view.ts";

/** What somebody who follows no more looks at: a row, and where in the pane it stands. */
export interface ReadingPlace {
  row: LogRow;
  align: "start" | "center";
}

/** Whether it is that line, or a line that is folded into it. */
export const isLine = (row: LogRow, id: string): boolean =>
  row.id === id || (row.kind === "line" && (row.folded?.includes(id) ?? false));

/** Where a row stands among others: its own index, where it is left out that of the next by time, and -1 where there are none. */
export function indexOfPlace(rows: readonly LogRow[], { id, at }: Pick<LogRow, "id" | "at">): number {
  const next = rows.findIndex((row) => row.at >= at);
  if (next < 0) return rows.length - 1;
  for (let index = next; rows[index]?.at === at; index++) if (rows[index]?.id === id) return index;
  return next;
}

/** How many of the rows come after the last one that is laid out: loaded from the past, or late, they are no new ones. */
export function countNewer(added: readonly LogRow[], last: LogRow | undefined, view: ViewSettings): number {
  return added.filter((row) => row.at > (last?.at ?? 0) && isShown(row, view)).length;
}
