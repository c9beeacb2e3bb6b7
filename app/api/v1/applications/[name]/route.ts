import { getApplication } from "@/lib/queries/get-application.ts";
import { handleRead, resultResponse } from "../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleRead(request, async (ctx) => resultResponse(await getApplication(ctx, (await params).name)));
}
