import { getReceipt } from "@/lib/queries/get-receipt.ts";
import { answerQuery } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery((ctx, { name }: { name: string }, search) =>
  getReceipt(ctx, name, search.get("to") ?? ""),
);
