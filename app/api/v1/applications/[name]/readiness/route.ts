import { putOffStep } from "@/lib/operations/put-off-step.ts";
import { getReadiness } from "@/lib/queries/get-readiness.ts";
import { handleChange, handleRead, resultResponse } from "../../../handle.ts";
import { isFlagSet } from "../../../query-flag.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  const isFresh = isFlagSet(new URL(request.url).searchParams, "fresh");
  return handleRead(request, async (ctx) => resultResponse(await getReadiness(ctx, (await params).name, isFresh)));
}

export function POST(request: Request, { params }: Props): Promise<Response> {
  return handleChange(
    request,
    async (ctx, input) => resultResponse(await putOffStep(ctx, input)),
    async () => ({ application: (await params).name }),
  );
}
