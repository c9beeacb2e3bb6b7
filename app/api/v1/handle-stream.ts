import { log } from "@/lib/log.ts";
import { mayGoOn } from "@/lib/request/may-go-on.ts";
import type { MayGoOn } from "@/lib/streams/event-stream.ts";
import { handleRead, type RouteContext } from "./handle.ts";

/** What every stream is opened with: when it has to end, and where its failures go. */
export interface StreamBounds {
  signal: AbortSignal;
  mayGoOn: MayGoOn | undefined;
  onError(error: unknown): void;
}

/** Answers with an event stream: who asks, may they look, then the stream, which ends when they no longer may. */
export function handleStream(
  request: Request,
  open: (ctx: RouteContext, bounds: StreamBounds) => Promise<Response>,
): Promise<Response> {
  return handleRead(request, (ctx) =>
    open(ctx, {
      signal: request.signal,
      mayGoOn: mayGoOn(ctx),
      onError: (error) => log.warn("An event stream failed", { error, path: new URL(request.url).pathname }),
    }),
  );
}
