import { getDeploymentHandover } from "@/lib/queries/get-handover.ts";
import { handleRead } from "../../../handle.ts";
import { HANDOVER_TYPES, handoverResponse } from "../../../handover-response.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ id: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleRead(
    request,
    async (ctx, mediaType) => handoverResponse(mediaType, await getDeploymentHandover(ctx, (await params).id)),
    HANDOVER_TYPES,
  );
}
