import { putOffStep } from "@/lib/operations/put-off-step.ts";
import { getReadiness } from "@/lib/queries/get-readiness.ts";
import { answerQuery, ofApplication, runOperation } from "../../../compose-route.ts";
import { isFlagSet } from "../../../query-flag.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery((ctx, { name }: { name: string }, search) =>
  getReadiness(ctx, name, isFlagSet(search, "fresh")),
);

export const POST = runOperation(putOffStep, { named: ofApplication });
