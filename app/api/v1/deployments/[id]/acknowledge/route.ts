import { acknowledgeRollback } from "@/lib/operations/acknowledge-rollback.ts";
import { handleChange, resultResponse } from "../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ id: string }>;
}

export function POST(request: Request, { params }: Props): Promise<Response> {
  return handleChange(
    request,
    async (ctx, input) => resultResponse(await acknowledgeRollback(ctx, input)),
    async () => ({ deploymentId: (await params).id }),
  );
}
