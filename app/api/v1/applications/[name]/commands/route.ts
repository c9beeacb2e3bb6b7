import { getCommands } from "@/lib/queries/get-commands.ts";
import { answerQuery } from "../../../compose-route.ts";

export const dynamic = "force-dynamic";

export const GET = answerQuery((ctx, { name }: { name: string }, search) =>
  getCommands(ctx, name, Object.fromEntries(search)),
);
