import type { Identity } from "@/lib/domain/access/role.ts";
import { say } from "@/lib/domain/sentence/sentence.ts";
import { cutText } from "@/lib/domain/text/cut-text.ts";
import { log } from "@/lib/log.ts";
import { mayGoOn } from "@/lib/request/may-go-on.ts";
import { type Refusal, refuse } from "@/lib/request/refusal.ts";
import type { MayGoOn } from "@/lib/streams/event-stream.ts";
import { processStreamSeats, type StreamSeat } from "@/lib/streams/stream-seats.ts";
import { handleRead, type RouteContext } from "./handle.ts";
import { problemResponse } from "./problem.ts";

/** What every stream is opened with: when it has to end, who is told of its end, and where its failures go. */
export interface StreamTerms {
  signal: AbortSignal;
  mayGoOn: MayGoOn | undefined;
  onEnd: () => void;
  onError(error: unknown): void;
  /** For a reader behind something that holds streams back until they end: soon; else left out. */
  maxLifetimeMs?: number;
}

const BRIEFLY_MS = 5000;

/** Answers with an event stream: who asks, is there room, may they look, then the stream, which ends when they no longer may. */
export function handleStream(
  request: Request,
  open: (ctx: RouteContext, terms: StreamTerms) => Promise<Response>,
): Promise<Response> {
  const briefly = new URL(request.url).searchParams.get("briefly");
  const answer = async (ctx: RouteContext) => {
    if (briefly !== null && briefly !== "1")
      return problemResponse(
        refuse(
          "INVALID_INPUT",
          say("refusal.memberIs", { member: "briefly", value: cutText(briefly, 40) }),
          say("rest.giveOrLeave", { member: "briefly", value: "1" }),
        ),
      );
    const seat = takeSeat(ctx.identity);
    if ("ok" in seat) return problemResponse(seat);
    let isStream = false;
    try {
      const response = await open(ctx, {
        signal: request.signal,
        mayGoOn: mayGoOn(ctx),
        onEnd: seat.leave,
        ...(briefly === null ? {} : { maxLifetimeMs: BRIEFLY_MS }),
        onError: (error) => log.warn("An event stream failed", { error, path: new URL(request.url).pathname }),
      });
      isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
      return response;
    } finally {
      if (!isStream) seat.leave();
    }
  };
  return handleRead(request, answer, ["text/event-stream"]);
}

function takeSeat(identity: Identity | null): StreamSeat | Refusal<never> {
  if (identity === null) return { leave() {} };
  const seats = processStreamSeats();
  const seat = seats.take(`${identity.via}:${identity.id}`);
  if (seat === "each")
    return refuse(
      "RATE_LIMITED",
      say("rest.streamsOfOne", { name: identity.name, count: seats.bounds.each }),
      say("rest.closeSome"),
    );
  if (seat === "all")
    return refuse("RATE_LIMITED", say("rest.streamsOfAll", { count: seats.bounds.all }), say("refusal.tryAgain"));
  return seat;
}
