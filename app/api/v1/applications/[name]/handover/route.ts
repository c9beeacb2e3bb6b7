import { getApplicationHandover } from "@/lib/queries/get-handover.ts";
import { handleRead } from "../../../handle.ts";
import { HANDOVER_TYPES, handoverResponse } from "../../../handover-response.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  const hours = new URL(request.url).searchParams.get("hours");
  return handleRead(
    request,
    async (ctx, mediaType) =>
      handoverResponse(mediaType, await getApplicationHandover(ctx, (await params).name, hours)),
    HANDOVER_TYPES,
  );
}
