import { addApplications } from "@/lib/operations/add-applications.ts";
import { getDiscovery } from "@/lib/queries/get-discovery.ts";
import { handleChange, handleRead, resultResponse } from "../handle.ts";
import { isFlagSet } from "../query-flag.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  const isFresh = isFlagSet(new URL(request.url).searchParams, "fresh");
  return handleRead(request, async (ctx) => resultResponse(await getDiscovery(ctx, isFresh)));
}

export function POST(request: Request): Promise<Response> {
  return handleChange(request, async (ctx, body) => resultResponse(await addApplications(ctx, body)));
}
