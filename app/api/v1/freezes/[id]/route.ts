import { liftFreeze } from "@/lib/operations/lift-freeze.ts";
import { getFreeze } from "@/lib/queries/get-freeze.ts";
import { handleChange, handleRead, resultResponse } from "../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ id: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleRead(request, async (ctx) => resultResponse(await getFreeze(ctx, (await params).id)));
}

export function DELETE(request: Request, { params }: Props): Promise<Response> {
  return handleChange(
    request,
    async (ctx, input) => resultResponse(await liftFreeze(ctx, input)),
    async () => ({ freezeId: (await params).id }),
  );
}
