import type { Sayer } from "@/components/messages/said.ts";
import { asOneEntry } from "@/lib/domain/log/plain-text.ts";
import type { LogRow } from "./log-buffer.ts";

/** Rows as plain text for a copy: exact times in UTC, side, task, level, line. */
export function rowsAsText(rows: readonly LogRow[], said: Sayer): string {
  return rows
    .map((row) => {
      const at = new Date(row.at).toISOString();
      if (row.kind !== "line") return `${at} --- ${said(row.text)}`;
      const { slot, taskId, level, text } = row.line;
      return [at, slot ?? "unknown", taskId?.slice(0, 8) ?? "-", (level ?? "-").toUpperCase(), asOneEntry(text)].join(
        " ",
      );
    })
    .join("\n");
}
