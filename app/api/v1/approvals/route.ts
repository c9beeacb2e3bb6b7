import { listApprovals } from "@/lib/queries/list-approvals.ts";
import { answerQuery } from "../compose-route.ts";
import { isFlagSet } from "../query-flag.ts";

export const dynamic = "force-dynamic";

/** Everything, or with `?count` only how many wait for the asker. */
export const GET = answerQuery<unknown>(async (ctx, _names, search) => {
  const all = await listApprovals(ctx);
  return all.ok && isFlagSet(search, "count") ? { ok: true, value: { yours: all.value.yours } } : all;
});
