import { revokeToken } from "@/lib/operations/revoke-token.ts";
import { handleChange, resultResponse } from "../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ id: string }>;
}

export function DELETE(request: Request, { params }: Props): Promise<Response> {
  return handleChange(
    request,
    async (ctx, input) => resultResponse(await revokeToken(ctx, input)),
    async () => ({ tokenId: (await params).id }),
  );
}
