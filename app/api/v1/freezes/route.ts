import { freezeLine } from "@/lib/operations/freeze-line.ts";
import { listFreezes } from "@/lib/queries/list-freezes.ts";
import { handleChange, handleRead, resultResponse } from "../handle.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return handleRead(request, async (ctx) => resultResponse(await listFreezes(ctx)));
}

export function POST(request: Request): Promise<Response> {
  return handleChange(request, async (ctx, body) => resultResponse(await freezeLine(ctx, body), 201));
}
