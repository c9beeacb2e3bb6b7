import { listAudit } from "@/lib/queries/list-audit.ts";
import { auditCsv } from "../audit-csv.ts";
import { handleRead, resultResponse } from "../handle.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const wantsCsv = (request.headers.get("accept") ?? "").includes("text/csv");
  return handleRead(request, async (ctx) => {
    const result = await listAudit(ctx, query);
    if (!result.ok || !wantsCsv) return resultResponse(result);
    return new Response(auditCsv(result.value.items), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="switchyard-audit.csv"',
        "cache-control": "no-store",
        ...(result.value.nextCursor ? { "x-next-cursor": result.value.nextCursor } : {}),
      },
    });
  });
}
