import { getReceipt } from "@/lib/queries/get-receipt.ts";
import { handleRead, resultResponse } from "../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  const to = new URL(request.url).searchParams.get("to") ?? "";
  return handleRead(request, async (ctx) => resultResponse(await getReceipt(ctx, (await params).name, to)));
}
