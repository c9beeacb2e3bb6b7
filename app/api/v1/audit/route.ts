import type { AuditRow } from "@/lib/domain/audit/audit.ts";
import { exportAudit } from "@/lib/queries/export-audit.ts";
import { listAudit } from "@/lib/queries/list-audit.ts";
import { exportFormatOf, exportResponse } from "../audit-export.ts";
import { handleRead, resultResponse } from "../handle.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const format = exportFormatOf(request);
  return handleRead(request, async (ctx) => {
    if (format && !query.limit) {
      const all = await exportAudit(ctx, query);
      return all.ok ? exportResponse(format, all.value) : resultResponse(all);
    }
    const page = await listAudit(ctx, query);
    return format && page.ok
      ? exportResponse(format, onePage(page.value.items), page.value.nextCursor)
      : resultResponse(page);
  });
}

async function* onePage(rows: AuditRow[]): AsyncGenerator<AuditRow[]> {
  yield rows;
}
