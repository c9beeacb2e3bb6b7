import { countWaits, listWaits } from "@/lib/queries/list-waits.ts";
import { handleRead, resultResponse } from "../handle.ts";

export const dynamic = "force-dynamic";

/** Everything, or with `?count` only how many wait for the asker. */
export function GET(request: Request): Promise<Response> {
  const isCount = new URL(request.url).searchParams.has("count");
  return handleRead(request, async (ctx) => resultResponse(isCount ? await countWaits(ctx) : await listWaits(ctx)));
}
