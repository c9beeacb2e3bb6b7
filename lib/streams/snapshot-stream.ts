import { diff, type Patch } from "../domain/snapshot/patch.ts";
import type { ApplicationSnapshot } from "../domain/snapshot/snapshot.ts";
import type { SnapshotHub } from "../observe/snapshot-hub.ts";
import { type EventStreamWriter, eventStreamResponse, type MayGoOn } from "./event-stream.ts";

/** Encoded once for all viewers: a snapshot by itself, a patch by the snapshot it leads to and the one it starts from. */
const wholes = new WeakMap<ApplicationSnapshot, string>();
const patches = new WeakMap<ApplicationSnapshot, { from: ApplicationSnapshot; json: string | null }>();

/** A response that sends the whole of one application (or of all, "*") and then what changes. */
export function snapshotStreamResponse(options: {
  hub: Pick<SnapshotHub, "snapshot" | "subscribe">;
  /** Name of one application, or "*". */
  name: string;
  /** The names that a whole start consists of. */
  names(): readonly string[];
  /** Whether the viewer may know of an application; all of them without it. */
  maySee?: (name: string) => boolean;
  mayGoOn?: MayGoOn | undefined;
  signal: AbortSignal;
  onError?: (error: unknown) => void;
}): Response {
  const { hub, name, names, signal, onError, maySee = () => true } = options;
  const sent = new Map<string, ApplicationSnapshot>();

  function send(writer: EventStreamWriter, snapshot: ApplicationSnapshot): void {
    if (!maySee(snapshot.name)) return;
    const before = sent.get(snapshot.name);
    if (before && before.observedAt > snapshot.observedAt && before.deployment === snapshot.deployment) return;
    if (!before) {
      if (writer.send({ event: "snapshot", json: whole(snapshot) })) sent.set(snapshot.name, snapshot);
      return;
    }
    const json = patch(before, snapshot);
    if (json === null || writer.send({ event: "patch", json })) sent.set(snapshot.name, snapshot);
  }

  async function sendAll(writer: EventStreamWriter): Promise<void> {
    sent.clear();
    const snapshots = await Promise.all(
      names()
        .filter(maySee)
        .map((each) => hub.snapshot(each).catch(() => null)),
    );
    for (const snapshot of snapshots) if (snapshot && !sent.has(snapshot.name)) send(writer, snapshot);
  }

  return eventStreamResponse({
    signal,
    onError,
    mayGoOn: options.mayGoOn,
    async start(writer) {
      const stop = hub.subscribe(name, (snapshot) => send(writer, snapshot));
      try {
        await sendAll(writer);
      } catch (error) {
        stop();
        throw error;
      }
      return stop;
    },
    caughtUp(writer) {
      sendAll(writer).catch((error: unknown) => onError?.(error));
    },
  });
}

function whole(snapshot: ApplicationSnapshot): string {
  const known = wholes.get(snapshot);
  if (known) return known;
  const json = JSON.stringify(snapshot);
  wholes.set(snapshot, json);
  return json;
}

/** Null when nothing differs. */
function patch(from: ApplicationSnapshot, to: ApplicationSnapshot): string | null {
  const known = patches.get(to);
  if (known?.from === from) return known.json;
  const changes: Patch = diff(from, to);
  const json = changes.length === 0 ? null : JSON.stringify({ application: to.name, patch: changes });
  patches.set(to, { from, json });
  return json;
}
