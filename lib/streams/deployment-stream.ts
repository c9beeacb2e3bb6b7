import { createHash } from "node:crypto";
import { type Deployment, isInFlight } from "../domain/deployment/deployment.ts";
import type { SnapshotHub } from "../observe/snapshot-hub.ts";
import type { Store } from "../store/store.ts";
import { type EventStreamWriter, eventStreamResponse, type MayGoOn } from "./event-stream.ts";

/** The hub tells of what this process sees; another replica's engine, or a newer deployment, shows in the record alone. */
const READ_EVERY_MS = 3_000;

/**
 * A response that sends one deployment as it is, then at every change, and ends after its last one. Each event's id says which
 * state it is: whoever comes back with it is not sent the same again, and with the last one's is told that there is no more (204).
 */
export function deploymentStreamResponse(options: {
  deployment: Deployment;
  hub: Pick<SnapshotHub, "subscribe">;
  store: Pick<Store, "findDeployment">;
  /** From the Last-Event-ID header. */
  lastEventId: string | null;
  mayGoOn?: MayGoOn | undefined;
  onEnd?: (() => void) | undefined;
  signal: AbortSignal;
  onError?: (error: unknown) => void;
  readEveryMs?: number;
}): Response {
  const { deployment: first, hub, store, onError } = options;
  if (!isInFlight(first) && stateId(first) === options.lastEventId) return new Response(null, { status: 204 });
  let newest = first;
  let sentId = options.lastEventId;

  function tell(writer: EventStreamWriter, deployment: Deployment): void {
    // What was read earlier may arrive later: an ended deployment does not come back.
    if (!isInFlight(newest) && isInFlight(deployment)) return;
    newest = deployment;
    const id = stateId(deployment);
    if (id !== sentId && !writer.send({ event: "deployment", id, data: deployment })) return;
    sentId = id;
    if (!isInFlight(deployment)) writer.close();
  }

  return eventStreamResponse({
    signal: options.signal,
    onError,
    mayGoOn: options.mayGoOn,
    onEnd: options.onEnd,
    start(writer) {
      const look = () =>
        store.findDeployment(first.id).then(
          (deployment) => deployment && tell(writer, deployment),
          (error: unknown) => onError?.(error),
        );
      const stop = hub.subscribe(first.application, ({ deployment, lastDeployment }) => {
        const found = [deployment, lastDeployment].find((each) => each?.id === first.id);
        if (found) tell(writer, found);
      });
      const timer = setInterval(look, options.readEveryMs ?? READ_EVERY_MS);
      timer.unref();
      tell(writer, first);
      return () => {
        clearInterval(timer);
        stop();
      };
    },
    caughtUp: (writer) => tell(writer, newest),
  });
}

function stateId(deployment: Deployment): string {
  return createHash("sha256").update(JSON.stringify(deployment)).digest("hex").slice(0, 16);
}
