import { countWaits, listWaits } from "@/lib/queries/list-waits.ts";
import { answerQuery } from "../compose-route.ts";
import { isFlagSet } from "../query-flag.ts";

export const dynamic = "force-dynamic";

/** Everything, or with `?count` only how many wait for the asker. */
export const GET = answerQuery((ctx, _names: undefined, search) =>
  isFlagSet(search, "count") ? countWaits(ctx) : listWaits(ctx),
);
