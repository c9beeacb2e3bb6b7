import { listIncidents } from "@/lib/queries/get-incidents.ts";
import { answerQuery } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery(
  (ctx, { name }: { name: string }) => listIncidents(ctx, name),
  (items) => ({ items }),
);
