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
  "receipt",
  "awsRequestId",
  "sequence",
  "hash",
] as const satisfies readonly (keyof AuditRow)[];

/** The first line of the file. */
export const AUDIT_CSV_HEADING = `${COLUMNS.join(",")}\r\n`;

/** Audit rows as RFC 4180 says, without the heading. */
export function auditCsv(rows: readonly AuditRow[]): string {
  return rows
    .map((row) =>
      COLUMNS.map((column) => cell(column === "at" ? new Date(row.at).toISOString() : (row[column] ?? ""))).join(","),
    )
    .map((line) => `${line}\r\n`)
    .join("");
}

/** A text that a spreadsheet would run as a formula gets a quote before it: names and reasons are anybody's. */
function cell(value: string | number): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
