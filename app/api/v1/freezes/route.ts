import { freezeLine } from "@/lib/operations/freeze-line.ts";
import { listFreezes } from "@/lib/queries/list-freezes.ts";
import { answerQuery, runOperation } from "../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery(listFreezes);

export const POST = runOperation(freezeLine, { status: 201 });
