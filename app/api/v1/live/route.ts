import { maySee } from "@/lib/domain/access/role.ts";
import { snapshotStreamResponse } from "@/lib/streams/snapshot-stream.ts";
import { handleStream } from "../handle-stream.ts";
import { patchFormOf, withItsEnd } from "../patch-form.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  const form = patchFormOf(request);
  return handleStream(request, async ({ runtime, identity }, bounds) => {
    if (form instanceof Response) return form;
    const stream = snapshotStreamResponse({
      form,
      hub: runtime.hub,
      name: "*",
      names: () => runtime.observer.applications().map((application) => application.name),
      maySee: (name) => maySee(identity, name),
      ...bounds,
    });
    return withItsEnd(form, stream);
  });
}
