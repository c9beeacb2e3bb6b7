import { getApplicationHandover } from "@/lib/queries/get-handover.ts";
import { handleRead } from "../../../handle.ts";
import { handoverResponse } from "../../../handover-response.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleRead(request, async (ctx) => {
    const hours = new URL(request.url).searchParams.get("hours");
    return handoverResponse(request, await getApplicationHandover(ctx, (await params).name, hours));
  });
}
