import type { AuditRow } from "@/lib/domain/audit/audit.ts";
import { exportAudit } from "@/lib/queries/export-audit.ts";
import { listAudit } from "@/lib/queries/list-audit.ts";
import { AUDIT_TYPES, exportFormatOf, exportResponse } from "../audit-export.ts";
import { handleRead, type RouteContext, resultResponse } from "../handle.ts";
import { isFlagSet } from "../query-flag.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const query = Object.fromEntries(searchParams);
  const bom = isFlagSet(searchParams, "bom");
  const answer = async (ctx: RouteContext, mediaType: (typeof AUDIT_TYPES)[number]) => {
    const format = exportFormatOf(mediaType);
    if (format && !query.limit) {
      const all = await exportAudit(ctx, query);
      return all.ok ? exportResponse(format, all.value, { bom }) : resultResponse(all);
    }
    const page = await listAudit(ctx, query);
    return format && page.ok
      ? exportResponse(format, onePage(page.value.items), { nextCursor: page.value.nextCursor, bom })
      : resultResponse(page);
  };
  return handleRead(request, answer, AUDIT_TYPES);
}

async function* onePage(rows: AuditRow[]): AsyncGenerator<AuditRow[]> {
  yield rows;
}
