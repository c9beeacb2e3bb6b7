import { logSourcesOf } from "@/lib/domain/log/log-settings.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { cutText } from "@/lib/domain/text/cut-text.ts";
import { findApplication } from "@/lib/request/load-facts.ts";
import { findPermissionRefusal } from "@/lib/request/permission.ts";
import { refuse } from "@/lib/request/refusal.ts";
import { logStreamResponse } from "@/lib/streams/log-stream.ts";
import { handleStream } from "../../../handle-stream.ts";
import { problemResponse } from "../../../problem.ts";
import { notTaken } from "./history-query.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  return handleStream(request, async (ctx, { onError, ...bounds }) => {
    const { runtime } = ctx;
    const { name } = await params;
    const denied = findPermissionRefusal(ctx, "view", name);
    if (denied) return problemResponse(denied);
    const found = findApplication(runtime, name);
    if (!found.ok) return problemResponse(found);
    const query = new URL(request.url).searchParams;
    const slots = (["blue", "green", "both"] as const).find((slot) => slot === (query.get("slot") ?? "both"));
    const since = query.get("since") ? Number(query.get("since")) : undefined;
    if (!slots) return problemResponse(notTaken(query, "slot", say("input.sides")));
    if (since !== undefined && !Number.isSafeInteger(since))
      return problemResponse(notTaken(query, "since", say("input.epoch")));
    const { application } = found;
    const sources = logSourcesOf(application, runtime.observer.observation(application.name)?.slots ?? null);
    if (sources.length === 0)
      return problemResponse(refuse("NOT_FOUND", say("rest.noGroup"), say("rest.configureGroup")));
    const filter = cutText(query.get("filter") ?? "", 1000);
    return logStreamResponse(
      sources,
      {
        application,
        slots,
        ...bounds,
        ...(since === undefined ? {} : { since }),
        ...(filter ? { filter } : {}),
      },
      { ...runtime, onError },
    );
  });
}
