import { switchTraffic } from "@/lib/operations/switch-traffic.ts";
import { handleChange, idempotencyKeyOf, resultResponse } from "../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function POST(request: Request, { params }: Props): Promise<Response> {
  return handleChange(
    request,
    async (ctx, input) => resultResponse(await switchTraffic(ctx, input), 202),
    async () => ({ ...idempotencyKeyOf(request), application: (await params).name }),
  );
}
