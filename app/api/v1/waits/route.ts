import { countWaits, listWaits } from "@/lib/queries/list-waits.ts";
import { handleRead, resultResponse } from "../handle.ts";
import { isFlagSet } from "../query-flag.ts";

export const dynamic = "force-dynamic";

/** Everything, or with `?count` only how many wait for the asker. */
export function GET(request: Request): Promise<Response> {
  const isCount = isFlagSet(new URL(request.url).searchParams, "count");
  return handleRead(request, async (ctx) => resultResponse(isCount ? await countWaits(ctx) : await listWaits(ctx)));
}
