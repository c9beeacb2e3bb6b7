import { logSourcesOf } from "@/lib/domain/log/log-settings.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { streamsOfApplication } from "@/lib/logs/application-streams.ts";
import { readLogPage, readLogSpan } from "@/lib/logs/log-pages.ts";
import { findApplication } from "@/lib/request/load-facts.ts";
import { findPermissionRefusal } from "@/lib/request/permission.ts";
import { refusalOf, refuse } from "@/lib/request/refusal.ts";
import { handleRead, type RouteContext } from "../../../../handle.ts";
import { problemResponse } from "../../../../problem.ts";
import { notTaken, readHistoryQuery } from "../history-query.ts";
import { downloadResponse, formatOf, LOG_TYPES } from "../log-download.ts";

export const dynamic = "force-dynamic";

interface Props {
  params: Promise<{ name: string }>;
}

export function GET(request: Request, { params }: Props): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const answer = async (ctx: RouteContext, mediaType: (typeof LOG_TYPES)[number]) => {
    const { runtime, language } = ctx;
    const { name } = await params;
    const denied = findPermissionRefusal(ctx, "view", name);
    if (denied) return problemResponse(denied);
    const found = findApplication(runtime, name);
    if (!found.ok) return problemResponse(found);
    const query = readHistoryQuery(searchParams, runtime.now());
    if (!query.ok) return problemResponse(query);
    const { application } = found;
    const span = {
      ...query.value,
      application,
      sources: logSourcesOf(application, runtime.observer.observation(name)?.slots ?? null),
      streams: streamsOfApplication(runtime.observer, name),
      signal: request.signal,
    };
    const format = formatOf(searchParams, mediaType);
    if (format === undefined) return problemResponse(notTaken(searchParams, "download", say("input.download")));
    if (format) return downloadResponse(format, name, readLogSpan(runtime.places.logs, span), language ?? "en");
    try {
      const page = await readLogPage(runtime.places.logs, span);
      const { problem } = query.value.query;
      if (problem !== null) return problemResponse(refuse("INVALID_INPUT", problem, say("input.querySimpler")));
      return Response.json(page, { headers: { "cache-control": "no-store" } });
    } catch (error) {
      return problemResponse(refusalOf(error));
    }
  };
  return handleRead(request, answer, LOG_TYPES);
}
