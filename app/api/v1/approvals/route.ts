import { listApprovals } from "@/lib/queries/list-approvals.ts";
import { handleRead, resultResponse } from "../handle.ts";
import { isFlagSet } from "../query-flag.ts";

export const dynamic = "force-dynamic";

/** Everything, or with `?count` only how many wait for the asker. */
export function GET(request: Request): Promise<Response> {
  const isCount = isFlagSet(new URL(request.url).searchParams, "count");
  return handleRead(request, async (ctx) =>
    resultResponse(await listApprovals(ctx), 200, (all) => (isCount ? { yours: all.yours } : all)),
  );
}
