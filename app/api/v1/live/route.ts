import { maySee } from "@/lib/domain/role.ts";
import { snapshotStreamResponse } from "@/lib/live/snapshot-stream.ts";
import { handleStream } from "../handle-stream.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  return handleStream(request, async ({ runtime, identity }, bounds) =>
    snapshotStreamResponse({
      hub: runtime.hub,
      name: "*",
      names: () => runtime.observer.applications().map((application) => application.name),
      maySee: (name) => maySee(identity, name),
      ...bounds,
    }),
  );
}
