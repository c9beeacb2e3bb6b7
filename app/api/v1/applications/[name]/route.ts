import { getApplication } from "@/lib/queries/get-application.ts";
import { answerQuery } from "../../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery((ctx, { name }: { name: string }) => getApplication(ctx, name));
