import { maySee } from "@/lib/domain/access/role.ts";
import { snapshotStreamResponse } from "@/lib/streams/snapshot-stream.ts";
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
