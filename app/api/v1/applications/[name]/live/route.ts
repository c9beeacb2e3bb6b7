import { findApplication } from "@/lib/request/load-facts.ts";
import { findPermissionRefusal } from "@/lib/request/permission.ts";
import { snapshotStreamResponse } from "@/lib/streams/snapshot-stream.ts";
import { handleStream } from "../../../handle-stream.ts";
import { patchFormOf, withItsEnd } from "../../../patch-form.ts";
import { problemResponse } from "../../../problem.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  const form = patchFormOf(request);
  return handleStream(request, async (ctx, bounds) => {
    const { name } = await params;
    const denied = findPermissionRefusal(ctx, "view", name);
    if (denied) return problemResponse(denied);
    const found = findApplication(ctx.runtime, name);
    if (!found.ok) return problemResponse(found);
    if (form instanceof Response) return form;
    const stream = snapshotStreamResponse({ hub: ctx.runtime.hub, name, names: () => [name], form, ...bounds });
    return withItsEnd(form, stream);
  });
}
