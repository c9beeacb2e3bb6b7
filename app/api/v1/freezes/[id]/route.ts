import { liftFreeze } from "@/lib/operations/lift-freeze.ts";
import { handleChange, resultResponse } from "../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ id: string }>;
}

export function DELETE(request: Request, { params }: Props): Promise<Response> {
  return handleChange(
    request,
    async (ctx, input) => resultResponse(await liftFreeze(ctx, input)),
    async () => ({ freezeId: (await params).id }),
  );
}
