import type { AuditRow } from "@/lib/queries/list-audit.ts";

const COLUMNS = [
  "at",
  "actorId",
  "actorName",
  "role",
  "via",
  "address",
  "action",
  "application",
  "deploymentId",
  "outcome",
  "code",
  "message",
  "reason",
] as const satisfies readonly (keyof AuditRow)[];

/** Audit rows as RFC 4180 says, with a heading. */
export function auditCsv(rows: readonly AuditRow[]): string {
  const lines = rows.map((row) =>
    COLUMNS.map((column) => cell(column === "at" ? new Date(row.at).toISOString() : (row[column] ?? ""))).join(","),
  );
  return `${[COLUMNS.join(","), ...lines].join("\r\n")}\r\n`;
}

/** A text that a spreadsheet would run as a formula gets a quote before it: names and reasons are anybody's. */
function cell(value: string | number): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
