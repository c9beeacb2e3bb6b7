import { getCommands } from "@/lib/queries/get-commands.ts";
import { handleRead, resultResponse } from "../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  const wanted = Object.fromEntries(new URL(request.url).searchParams);
  return handleRead(request, async (ctx) => resultResponse(await getCommands(ctx, (await params).name, wanted)));
}
