import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/** Four of an event stream's pings: whoever reads has had something by then. */
const STUCK_MS = 60_000;
const REQUEST_STARTED = "http.server.request.start";

/**
 * Cuts every connection of this process's servers over which nothing went for `stuckMs` while its request was being answered.
 * A reader that is stuck keeps its connection, and with it what was written to it, for as long as its machine is up. Answers
 * how to stop.
 */
export function cutStuckConnections(stuckMs = STUCK_MS): () => void {
  // Safe because Node documents what this channel publishes; a timeout that nobody handles destroys the socket.
  const limit = (message: unknown) => (message as { request: IncomingMessage }).request.socket.setTimeout(stuckMs);
  subscribe(REQUEST_STARTED, limit);
  return () => void unsubscribe(REQUEST_STARTED, limit);
}
