import { listSummaries } from "@/lib/queries/list-applications.ts";
import { handleRead, resultResponse } from "../handle.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return handleRead(request, async (ctx) => resultResponse(await listSummaries(ctx)));
}
