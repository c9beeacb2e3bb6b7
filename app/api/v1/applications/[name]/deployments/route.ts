import { deploy } from "@/lib/operations/deploy.ts";
import { findRequested } from "@/lib/queries/find-requested.ts";
import { listDeployments } from "@/lib/queries/list-deployments.ts";
import { handleChange, handleRead, idempotencyKeyOf, resultResponse } from "../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const page = { limit: query.get("limit"), cursor: query.get("cursor") };
  const key = query.get("idempotencyKey");
  return handleRead(request, async (ctx) => {
    const { name } = await params;
    return resultResponse(await (key === null ? listDeployments(ctx, name, page) : findRequested(ctx, name, key)));
  });
}

export function POST(request: Request, { params }: Props): Promise<Response> {
  return handleChange(
    request,
    async (ctx, input) => resultResponse(await deploy(ctx, input), 202),
    async () => ({ ...idempotencyKeyOf(request), application: (await params).name }),
  );
}
