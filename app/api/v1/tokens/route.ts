import { createToken } from "@/lib/operations/create-token.ts";
import { listTokens } from "@/lib/queries/list-tokens.ts";
import { handleChange, handleRead, resultResponse } from "../handle.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return handleRead(request, async (ctx) => resultResponse(await listTokens(ctx)));
}

export function POST(request: Request): Promise<Response> {
  return handleChange(request, async (ctx, body) =>
    resultResponse(await createToken(ctx, body), 201, ({ token, secret }) => ({ ...token, secret })),
  );
}
