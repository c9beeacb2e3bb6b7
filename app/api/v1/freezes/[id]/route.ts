import { liftFreeze } from "@/lib/operations/lift-freeze.ts";
import { getFreeze } from "@/lib/queries/get-freeze.ts";
import { answerQuery, runOperation } from "../../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery((ctx, { id }: { id: string }) => getFreeze(ctx, id));

export const DELETE = runOperation(liftFreeze, { named: ({ id }: { id: string }) => ({ freezeId: id }) });
