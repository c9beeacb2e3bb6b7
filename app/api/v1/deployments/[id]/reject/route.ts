import { rejectDeployment } from "@/lib/operations/reject-deployment.ts";
import { handleChange, resultResponse } from "../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ id: string }>;
}

export function POST(request: Request, { params }: Props): Promise<Response> {
  return handleChange(request, async (ctx, body) =>
    resultResponse(await rejectDeployment(ctx, { ...body, deploymentId: (await params).id }), 202),
  );
}
