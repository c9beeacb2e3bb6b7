import { addUnusedGroup } from "@/lib/operations/add-unused-group.ts";
import { handleChange, resultResponse } from "../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function POST(request: Request, { params }: Props): Promise<Response> {
  return handleChange(
    request,
    async (ctx, input) => resultResponse(await addUnusedGroup(ctx, input)),
    async () => ({ application: (await params).name }),
  );
}
