import { snapshotStreamResponse } from "@/lib/live/snapshot-stream.ts";
import { log } from "@/lib/log.ts";
import { handleRead } from "../handle.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return handleRead(request, async ({ runtime }) =>
    snapshotStreamResponse({
      hub: runtime.hub,
      name: "*",
      names: () => runtime.observer.applications().map((application) => application.name),
      signal: request.signal,
      onError: (error) => log.warn("An event stream failed", { error }),
    }),
  );
}
