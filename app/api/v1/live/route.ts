import { maySee } from "@/lib/domain/role.ts";
import { snapshotStreamResponse } from "@/lib/live/snapshot-stream.ts";
import { log } from "@/lib/log.ts";
import { mayGoOn } from "@/lib/operations/may-go-on.ts";
import { handleRead } from "../handle.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return handleRead(request, async (ctx) =>
    snapshotStreamResponse({
      hub: ctx.runtime.hub,
      name: "*",
      names: () => ctx.runtime.observer.applications().map((application) => application.name),
      maySee: (name) => maySee(ctx.identity, name),
      mayGoOn: mayGoOn(ctx),
      signal: request.signal,
      onError: (error) => log.warn("An event stream failed", { error }),
    }),
  );
}
