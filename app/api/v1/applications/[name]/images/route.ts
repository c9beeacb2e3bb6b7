import { listImageTags } from "@/lib/queries/list-image-tags.ts";
import { handleRead, resultResponse } from "../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleRead(request, async (ctx) => {
    const listed = await listImageTags(ctx, (await params).name);
    const response = resultResponse(listed, 200, ({ tags }) => tags);
    if (listed.ok && listed.value.isCut) response.headers.set("switchyard-truncated", "true");
    return response;
  });
}
