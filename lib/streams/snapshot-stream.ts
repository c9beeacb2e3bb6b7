import { toJsonPatch } from "../domain/snapshot/json-patch.ts";
import { diff, type Patch } from "../domain/snapshot/patch.ts";
import type { ApplicationSnapshot } from "../domain/snapshot/snapshot.ts";
import { type ApplicationSummary, summaryOf } from "../domain/snapshot/summary.ts";
import type { SnapshotHub } from "../observe/snapshot-hub.ts";
import { type EventStreamWriter, encodeEvent, eventStreamResponse, type MayGoOn } from "./event-stream.ts";

/** How changes are told, which is the name of their event as well; "json-patch" is RFC 6902. */
export type PatchForm = "patch" | "json-patch";

/** What is told of each application: all of it, or what a list shows. */
type Told = ApplicationSnapshot | ApplicationSummary;

/** Encoded once for all viewers: a snapshot by itself, a patch by the snapshot it leads to and the one it starts from. */
const wholes = new WeakMap<Told, Uint8Array>();
const patches: Record<PatchForm, WeakMap<Told, { from: Told; bytes: Uint8Array | null }>> = {
  patch: new WeakMap(),
  "json-patch": new WeakMap(),
};
let encoded = 0;

/** A response that sends the whole of one application (or of all, "*") and then what changes. */
export function snapshotStreamResponse(options: {
  hub: Pick<SnapshotHub, "lastSnapshot" | "subscribe">;
  /** Name of one application, or "*". */
  name: string;
  /** The names that a whole start consists of. */
  names(): readonly string[];
  /** Whether the viewer may know of an application; all of them without it. */
  maySee?: (name: string) => boolean;
  /** "patch" when left out. */
  form?: PatchForm;
  /** "snapshot" when left out; "summary" tells no more than a list shows. */
  view?: "snapshot" | "summary";
  mayGoOn?: MayGoOn | undefined;
  maxLifetimeMs?: number | undefined;
  onEnd?: (() => void) | undefined;
  signal: AbortSignal;
  onError?: (error: unknown) => void;
}): Response {
  const { hub, name, names, signal, onError, onEnd, maySee = () => true, form = "patch", view = "snapshot" } = options;
  const told: (snapshot: ApplicationSnapshot) => Told = view === "summary" ? summaryOf : (snapshot) => snapshot;
  const sent = new Map<string, ApplicationSnapshot>();
  /** What a client that is behind has not had yet: the newest of each application, however many there were. */
  const unsent = new Map<string, ApplicationSnapshot>();

  function send(writer: EventStreamWriter, snapshot: ApplicationSnapshot): void {
    if (!maySee(snapshot.name)) return;
    const before = sent.get(snapshot.name);
    if (before && before.observedAt > snapshot.observedAt && before.deployment === snapshot.deployment) return;
    const bytes = before ? patch(told(before), told(snapshot), form) : whole(told(snapshot), view);
    if (bytes === null || writer.send({ bytes })) {
      sent.set(snapshot.name, snapshot);
      unsent.delete(snapshot.name);
    } else unsent.set(snapshot.name, snapshot);
  }

  async function sendAll(writer: EventStreamWriter): Promise<void> {
    const snapshots = await Promise.all(
      names()
        .filter(maySee)
        .map((each) => hub.lastSnapshot(each)),
    );
    for (const snapshot of snapshots)
      if (snapshot && !sent.has(snapshot.name) && !unsent.has(snapshot.name)) send(writer, snapshot);
  }

  return eventStreamResponse({
    signal,
    onError,
    onEnd,
    mayGoOn: options.mayGoOn,
    ...(options.maxLifetimeMs === undefined ? {} : { maxLifetimeMs: options.maxLifetimeMs }),
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
      for (const snapshot of [...unsent.values()]) send(writer, snapshot);
    },
  });
}

function whole(told: Told, event: "snapshot" | "summary"): Uint8Array {
  const known = wholes.get(told);
  if (known) return known;
  const bytes = encodeEvent(event, nextId(), told);
  wholes.set(told, bytes);
  return bytes;
}

/** Null when nothing differs. */
function patch(from: Told, to: Told, form: PatchForm): Uint8Array | null {
  const known = patches[form].get(to);
  if (known?.from === from) return known.bytes;
  const changes: Patch = diff(from, to);
  const told = form === "patch" ? changes : toJsonPatch(changes);
  const bytes = changes.length === 0 ? null : encodeEvent(form, nextId(), { application: to.name, patch: told });
  patches[form].set(to, { from, bytes });
  return bytes;
}

/** Of an event, whoever gets it: a stream begins with the whole, so nobody comes back with one. */
const nextId = () => `s-${++encoded}`;
