import { listReadiness } from "@/lib/queries/get-readiness.ts";
import { handleRead, resultResponse } from "../handle.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return handleRead(request, async (ctx) => resultResponse(await listReadiness(ctx)));
}
