import { describe, expect, it } from "vitest";
import { snapshot } from "@/components/fixtures/snapshots.ts";
import { diff } from "@/lib/domain/snapshot/patch.ts";
import type { ApplicationSnapshot } from "@/lib/domain/snapshot/snapshot.ts";
import { backOffMs, createLiveStore, type StreamSource } from "./live-store.ts";

/** A stream and a clock in the test's hands. */
function world(options: { isSignedOut?: boolean; accessChanged?: () => void } = {}) {
  const sources: FakeSource[] = [];
  const timers = new Map<number, { run: () => void; at: number }>();
  let now = 0;
  let nextId = 1;
  const asked: boolean[] = [];
  const store = createLiveStore([snapshot()], {
    open: (isBrief) => {
      asked.push(isBrief);
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    isSignedOut: () => Promise.resolve(options.isSignedOut ?? false),
    ...(options.accessChanged ? { accessChanged: options.accessChanged } : {}),
    now: () => now,
    setTimer: (run, ms) => {
      timers.set(nextId, { run, at: now + ms });
      return nextId++;
    },
    clearTimer: (timer) => timers.delete(timer as number),
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const advance = async (ms: number) => {
    // What was asked before the time passes sets its timers from then.
    await settle();
    now += ms;
    for (const [id, timer] of [...timers])
      if (timer.at <= now) {
        timers.delete(id);
        timer.run();
      }
    await settle();
  };
  const newest = () => {
    const source = sources.at(-1);
    if (!source) throw new Error("nothing was opened");
    return source;
  };
  return { store, sources, asked, newest, advance, settle };
}

class FakeSource implements StreamSource {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  isClosed = false;
  #listeners = new Map<string, (event: { data: string }) => void>();
  addEventListener(type: string, listener: (event: { data: string }) => void): void {
    this.#listeners.set(type, listener);
  }
  close(): void {
    this.isClosed = true;
  }
  send(type: "snapshot" | "patch" | "ping" | "renew" | "access", data: unknown): void {
    this.#listeners.get(type)?.({ data: JSON.stringify(data) });
  }
}

const later: ApplicationSnapshot = snapshot({ observedAt: 5 });
const patchTo = (after: ApplicationSnapshot) => ({ application: "library", patch: diff(snapshot(), after) });

describe("the live store", () => {
  it("shows what the server rendered before the stream begins", () => {
    const { store } = world();
    expect(store.getState().snapshots.library?.traffic.live).toBe("blue");
    expect(store.getState().stream).toBe("connecting");
  });

  it("applies a patch and keeps what did not change as the same object", () => {
    const { store, newest } = world();
    store.start();
    const before = store.getState().snapshots.library;
    newest().send("patch", patchTo(later));
    const after = store.getState().snapshots.library;
    expect(after?.observedAt).toBe(5);
    expect(after?.slots).toBe(before?.slots);
    expect(store.getState().stream).toBe("live");
  });

  it("keeps what the server rendered for parts of the page that hydrate late", () => {
    const { store, newest } = world();
    const initial = store.getInitialState();
    store.start();
    newest().send("snapshot", later);
    expect(store.getInitialState()).toBe(initial);
    expect(initial.snapshots.library?.observedAt).not.toBe(5);
  });

  it("takes a whole snapshot in place of what it had", () => {
    const { store, newest } = world();
    store.start();
    newest().send("snapshot", snapshot({ name: "catalog" }));
    expect(Object.keys(store.getState().snapshots)).toEqual(["library", "catalog"]);
  });

  it("keeps what a whole snapshot does not change as the same objects, and draws nothing where it changes nothing", () => {
    const { store, newest } = world();
    store.start();
    const drawn: unknown[] = [];
    const before = store.getState().snapshots.library;
    newest().onopen?.();
    store.subscribe(() => drawn.push(store.getState().snapshots.library));
    newest().send("snapshot", snapshot());
    expect(store.getState().snapshots.library).toBe(before);
    expect(drawn).toEqual([]);
    newest().send("snapshot", later);
    expect(drawn).toHaveLength(1);
    expect(store.getState().snapshots.library).toEqual(later);
    expect(store.getState().snapshots.library?.slots).toBe(before?.slots);
  });

  it("asks for everything anew when a patch is for something it has never seen", async () => {
    const { store, sources, newest, advance } = world();
    store.start();
    newest().send("patch", { application: "unknown", patch: [] });
    await advance(1000);
    expect(sources).toHaveLength(2);
    expect(sources[0]?.isClosed).toBe(true);
  });

  it("connects anew without a word when the server ends a stream by its age, and notices when nothing comes of it", async () => {
    const { store, sources, newest, advance } = world();
    store.start();
    newest().send("snapshot", later);
    newest().send("renew", {});
    expect(sources).toHaveLength(2);
    expect(sources[0]?.isClosed).toBe(true);
    expect(store.getState().stream).toBe("live");
    await advance(45_000);
    expect(store.getState().stream).toBe("reconnecting");
  });

  it("connects anew and has the page asked for anew when what the person may do has changed", () => {
    let asked = 0;
    const { store, sources, newest } = world({ accessChanged: () => asked++ });
    store.start();
    newest().send("snapshot", later);
    newest().send("access", {});
    expect(sources).toHaveLength(2);
    expect(sources[0]?.isClosed).toBe(true);
    expect(asked).toBe(1);
    sources[0]?.send("access", {});
    expect(asked).toBe(1);
  });

  it("comes back after a blip with growing patience, and says lost only when it stays away", async () => {
    const { store, sources, newest, advance, settle } = world();
    store.start();
    newest().onopen?.();
    newest().onerror?.();
    expect(store.getState().stream).toBe("reconnecting");
    await advance(1000);
    expect(sources).toHaveLength(2);
    newest().onerror?.();
    await advance(1999);
    expect(sources).toHaveLength(2);
    await advance(1);
    expect(sources).toHaveLength(3);
    newest().onerror?.();
    await settle();
    expect(store.getState().stream).toBe("lost");
    await advance(4000);
    newest().onopen?.();
    expect(store.getState().stream).toBe("live");
  });

  it("stops trying when the session is gone", async () => {
    const { store, sources, newest, advance } = world({ isSignedOut: true });
    store.start();
    newest().onerror?.();
    await advance(60_000);
    expect(store.getState().stream).toBe("signed-out");
    expect(sources).toHaveLength(1);
  });

  it("lets go at once when another tab has signed out, and stays so when seen again", async () => {
    const { store, sources, newest, advance } = world();
    store.start();
    newest().onopen?.();
    store.endSession();
    store.setHidden(false);
    await advance(60_000);
    expect(store.getState().stream).toBe("signed-out");
    expect(sources).toHaveLength(1);
    expect(newest().isClosed).toBe(true);
  });

  it("takes a silent connection for dead", async () => {
    const { store, sources, newest, advance } = world();
    store.start();
    newest().onopen?.();
    newest().send("snapshot", later);
    await advance(44_000);
    newest().send("ping", {});
    await advance(44_000);
    expect(store.getState().stream).toBe("live");
    await advance(1000);
    expect(store.getState().stream).toBe("reconnecting");
    await advance(1000);
    expect(sources).toHaveLength(2);
  });

  it("asks for streams that end soon where nothing comes of others, and is not live by their heads alone", async () => {
    const { store, asked, newest, advance } = world();
    store.start();
    newest().onopen?.();
    await advance(10_000);
    await advance(1000);
    newest().onopen?.();
    expect(store.getState().stream).toBe("reconnecting");
    await advance(10_000);
    await advance(2000);
    expect(asked).toEqual([false, false, true]);
    await advance(5000);
    newest().send("snapshot", later);
    expect(store.getState()).toMatchObject({ stream: "live", snapshots: { library: later } });
    newest().send("renew", {});
    expect(asked).toEqual([false, false, true, true]);
  });

  it("lets go when hidden for a while and takes up again when seen", async () => {
    const { store, sources, newest, advance } = world();
    store.start();
    newest().onopen?.();
    newest().send("snapshot", later);
    store.setHidden(true);
    await advance(29_000);
    expect(newest().isClosed).toBe(false);
    await advance(1000);
    expect(newest().isClosed).toBe(true);
    expect(store.getState().stream).toBe("paused");
    store.setHidden(false);
    expect(sources).toHaveLength(2);
    expect(store.getState().stream).toBe("connecting");
  });

  it("lets go at once when its page is left, and says so until it is seen again", () => {
    const { store, sources, newest } = world();
    store.start();
    newest().onopen?.();
    store.leave();
    expect(newest().isClosed).toBe(true);
    expect(store.getState().stream).toBe("paused");
    store.setHidden(false);
    expect(sources).toHaveLength(2);
    expect(store.getState().stream).toBe("connecting");
  });

  it("does not mind being hidden for a moment", async () => {
    const { store, sources, newest, advance } = world();
    store.start();
    newest().onopen?.();
    newest().send("snapshot", later);
    store.setHidden(true);
    await advance(5000);
    store.setHidden(false);
    await advance(31_000);
    expect(sources).toHaveLength(1);
    expect(newest().isClosed).toBe(false);
  });

  it("opens nothing more once stopped", async () => {
    const { store, sources, newest, advance } = world();
    store.start();
    newest().onerror?.();
    store.stop();
    await advance(60_000);
    expect(sources).toHaveLength(1);
  });
});

it("waits at most 15 s between attempts", () => {
  expect([0, 1, 2, 3, 4, 9].map(backOffMs)).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
});
