import { maySee } from "@/lib/domain/access/role.ts";
import { snapshotStreamResponse } from "@/lib/streams/snapshot-stream.ts";
import { handleStream } from "../handle-stream.ts";
import { patchFormOf, withItsEnd } from "../patch-form.ts";
import { viewOf } from "../view-of.ts";

export const dynamic = "force-dynamic";

export function GET(request: Request): Promise<Response> {
  const form = patchFormOf(request);
  const view = viewOf(request);
  return handleStream(request, async ({ runtime, identity }, bounds) => {
    if (form instanceof Response) return form;
    if (view instanceof Response) return view;
    const stream = snapshotStreamResponse({
      form,
      view,
      hub: runtime.hub,
      name: "*",
      names: () => runtime.observer.applications().map((application) => application.name),
      maySee: (name) => maySee(identity, name),
      ...bounds,
    });
    return withItsEnd(form, stream);
  });
}
