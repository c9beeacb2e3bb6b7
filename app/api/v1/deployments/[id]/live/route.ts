import { getDeployment } from "@/lib/queries/get-deployment.ts";
import { deploymentStreamResponse } from "@/lib/streams/deployment-stream.ts";
import { resultResponse } from "../../../handle.ts";
import { handleStream } from "../../../handle-stream.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ id: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleStream(request, async (ctx, bounds) => {
    const found = await getDeployment(ctx, (await params).id);
    if (!found.ok) return resultResponse(found);
    return deploymentStreamResponse({
      deployment: found.value.deployment,
      hub: ctx.runtime.hub,
      store: ctx.runtime.store,
      lastEventId: request.headers.get("last-event-id"),
      ...bounds,
    });
  });
}
