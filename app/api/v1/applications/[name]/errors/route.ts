import { getErrors } from "@/lib/queries/get-errors.ts";
import { handleRead, resultResponse } from "../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleRead(request, async (ctx) => resultResponse(await getErrors(ctx, (await params).name)));
}
