import { getErrors } from "@/lib/queries/get-errors.ts";
import { answerQuery } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery((ctx, { name }: { name: string }) => getErrors(ctx, name));
