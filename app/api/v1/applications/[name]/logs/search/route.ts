import { searchLog } from "@/lib/queries/search-log.ts";
import { handleChange, resultResponse } from "../../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

/** It costs money, so that no other site's page may ask for it, and whoever goes away ends it. */
export function POST(request: Request, { params }: Props): Promise<Response> {
  return handleChange(
    request,
    async (ctx, input) => resultResponse(await searchLog(ctx, input, request.signal)),
    async () => ({ application: (await params).name }),
  );
}
