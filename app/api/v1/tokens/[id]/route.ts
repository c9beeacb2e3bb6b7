import { revokeToken } from "@/lib/operations/revoke-token.ts";
import { getToken } from "@/lib/queries/get-token.ts";
import { handleChange, handleRead, resultResponse } from "../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ id: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleRead(request, async (ctx) => resultResponse(await getToken(ctx, (await params).id)));
}

export function DELETE(request: Request, { params }: Props): Promise<Response> {
  return handleChange(
    request,
    async (ctx, input) => resultResponse(await revokeToken(ctx, input)),
    async () => ({ tokenId: (await params).id }),
  );
}
