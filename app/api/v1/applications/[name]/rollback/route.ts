import { rollBack } from "@/lib/operations/roll-back.ts";
import { handleChange, idempotencyKeyOf, resultResponse } from "../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function POST(request: Request, { params }: Props): Promise<Response> {
  return handleChange(request, async (ctx, body) => {
    const application = (await params).name;
    return resultResponse(await rollBack(ctx, { ...body, ...idempotencyKeyOf(request), application }), 202);
  });
}
