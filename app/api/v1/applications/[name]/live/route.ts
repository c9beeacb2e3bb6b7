import { snapshotStreamResponse } from "@/lib/live/snapshot-stream.ts";
import { log } from "@/lib/log.ts";
import { findApplication } from "@/lib/operations/load-facts.ts";
import { mayGoOn } from "@/lib/operations/may-go-on.ts";
import { findPermissionRefusal } from "@/lib/operations/permission.ts";
import { handleRead } from "../../../handle.ts";
import { problemResponse } from "../../../problem.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleRead(request, async (ctx) => {
    const { runtime } = ctx;
    const { name } = await params;
    const denied = findPermissionRefusal(ctx, "view", name);
    if (denied) return problemResponse(denied);
    const found = findApplication(runtime, name);
    if (!found.ok) return problemResponse(found);
    return snapshotStreamResponse({
      hub: runtime.hub,
      name,
      names: () => [name],
      mayGoOn: mayGoOn(ctx),
      signal: request.signal,
      onError: (error) => log.warn("An event stream failed", { error }),
    });
  });
}
