import { getDeployment } from "@/lib/queries/get-deployment.ts";
import { handleRead, resultResponse } from "../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ id: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleRead(request, async (ctx) =>
    resultResponse(await getDeployment(ctx, (await params).id), 200, ({ deployment, journal }) => ({
      ...deployment,
      journal,
    })),
  );
}
