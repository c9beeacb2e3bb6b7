import type { AuditRow } from "@/lib/domain/audit/audit.ts";

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
  "askedAt",
  "credentialId",
  "subject",
  "before",
  "after",
  "awsRequestIds",
  "said",
  "beforeSaid",
  "afterSaid",
] as const satisfies readonly (keyof AuditRow)[];

/** The first line of the file. */
export const AUDIT_CSV_HEADING = `${COLUMNS.join(",")}\r\n`;

/** Audit rows as RFC 4180 says, without the heading. */
export function auditCsv(rows: readonly AuditRow[]): string {
  return rows
    .map((row) => COLUMNS.map((column) => cell(textOf(row, column))).join(","))
    .map((line) => `${line}\r\n`)
    .join("");
}

function textOf(row: AuditRow, column: (typeof COLUMNS)[number]): string {
  const value = row[column] ?? "";
  if ((column === "at" || column === "askedAt") && typeof value === "number") return new Date(value).toISOString();
  if (Array.isArray(value)) return value.join(" ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A text that a spreadsheet would run as a formula gets a quote before it: names and reasons are anybody's. */
function cell(text: string): string {
  const safe = /^[=+\-@;\t\r\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
  // Some spreadsheets take a semicolon or a tab for the end of a cell, after which a formula could begin.
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
