import type { AuditRow } from "@/lib/domain/audit/audit.ts";
import { log } from "@/lib/log.ts";
import { AUDIT_CSV_HEADING, auditCsv } from "./audit-csv.ts";

/** How an export is written; the first whose media type a request accepts. */
interface ExportFormat {
  mediaType: string;
  fileName: string;
  heading: string;
  lines(rows: readonly AuditRow[]): string;
}

const FORMATS: readonly ExportFormat[] = [
  { mediaType: "text/csv", fileName: "switchyard-audit.csv", heading: AUDIT_CSV_HEADING, lines: auditCsv },
  {
    mediaType: "application/x-ndjson",
    fileName: "switchyard-audit.ndjson",
    heading: "",
    lines: (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
  },
];

/** What the audit is answered as. */
export const AUDIT_TYPES = ["application/json", "text/csv", "application/x-ndjson"] as const;

/** The format of a media type; null for the page as JSON. */
export function exportFormatOf(mediaType: (typeof AUDIT_TYPES)[number]): ExportFormat | null {
  return FORMATS.find((format) => format.mediaType === mediaType) ?? null;
}

/** The rows as a file, each page written when the client has taken the one before. */
export function exportResponse(
  format: ExportFormat,
  pages: AsyncGenerator<readonly AuditRow[]>,
  { nextCursor = null, bom = false }: { nextCursor?: string | null; bom?: boolean } = {},
): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // Excel takes a CSV file without it for the machine's own character set.
      if (bom && format.heading) controller.enqueue(encoder.encode("\uFEFF"));
      if (format.heading) controller.enqueue(encoder.encode(format.heading));
    },
    async pull(controller) {
      try {
        const { done, value } = await pages.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(format.lines(value)));
      } catch (error) {
        // The status is long sent: only a broken connection still tells that rows are missing.
        log.error("An export of the audit broke off", { error });
        controller.error(error);
      }
    },
    async cancel() {
      await pages.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": `${format.mediaType}; charset=utf-8`,
      "content-disposition": `attachment; filename="${format.fileName}"`,
      "cache-control": "no-store",
      ...(nextCursor ? { "x-next-cursor": nextCursor } : {}),
    },
  });
}
