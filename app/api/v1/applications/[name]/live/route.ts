import { snapshotStreamResponse } from "@/lib/live/snapshot-stream.ts";
import { log } from "@/lib/log.ts";
import { findApplication } from "@/lib/operations/load-facts.ts";
import { handleRead } from "../../../handle.ts";
import { problemResponse } from "../../../problem.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleRead(request, async ({ runtime }) => {
    const { name } = await params;
    const found = findApplication(runtime, name);
    if (!found.ok) return problemResponse(found);
    return snapshotStreamResponse({
      hub: runtime.hub,
      name,
      names: () => [name],
      signal: request.signal,
      onError: (error) => log.warn("An event stream failed", { error }),
    });
  });
}
