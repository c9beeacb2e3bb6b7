import { incidentHtml } from "@/lib/domain/incident/incident-html.ts";
import { toldIn } from "@/lib/domain/sentence/told.ts";
import { getIncident } from "@/lib/queries/get-incidents.ts";
import { handleRead, resultResponse } from "../../../../handle.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string; id: string }>;
}

/** As JSON or, with `?download=html`, as one file for a post-mortem. */
export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleRead(request, async (ctx) => {
    const { name, id } = await params;
    const found = await getIncident(ctx, name, id);
    if (!found.ok || new URL(request.url).searchParams.get("download") !== "html") return resultResponse(found);
    const { language = "en", runtime } = ctx;
    const page = incidentHtml(found.value, runtime.now(), (told) => toldIn(told, language), language);
    return new Response(page, {
      headers: {
        "content-type": "text/html; charset=utf-8",
        // Never opened as a page of this origin: it is somebody else's words.
        "content-disposition": `attachment; filename="what-happened-${found.value.id.replace(/[^\w-]/g, "")}.html"`,
        "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      },
    });
  });
}
