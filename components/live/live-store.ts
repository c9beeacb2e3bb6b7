import { applyPatch, diff, type Patch } from "@/lib/domain/snapshot/patch.ts";
import type { ApplicationSummary } from "@/lib/domain/snapshot/summary.ts";
import { SilenceWatch } from "./silence-watch.ts";

/** How the stream is doing, as the pill in the header says it. */
type StreamState = "connecting" | "live" | "reconnecting" | "lost" | "paused" | "signed-out";

/** The snapshots by application name, and how they reach us. */
export interface LiveState {
  snapshots: Readonly<Record<string, ApplicationSummary>>;
  stream: StreamState;
  /** Epoch ms (browser's clock) since when `stream` is as it is. */
  since: number;
}

/** The part of the browser's EventSource that is used. */
export interface StreamSource {
  onopen: (() => void) | null;
  onerror: (() => void) | null;
  addEventListener(type: string, listener: (event: { data: string }) => void): void;
  close(): void;
}

/** What the store needs from the outside, so that its time and its network can be given to it. */
export interface LivePorts {
  /** Briefly, the stream ends by itself soon. */
  open(isBrief: boolean): StreamSource;
  /** Whether the session is gone, asked when the stream ends. */
  isSignedOut(): Promise<boolean>;
  /** What the person may see or do has changed: the page has to be asked for anew. */
  accessChanged?(): void;
  now(): number;
  setTimer(run: () => void, ms: number): unknown;
  clearTimer(timer: unknown): void;
}

/** One store a tab: snapshots in, subscribers told, the connection kept. */
export interface LiveStore {
  getState(): LiveState;
  /** What the server rendered: parts of the page may hydrate after the stream has begun. */
  getInitialState(): LiveState;
  subscribe(listener: () => void): () => void;
  start(): void;
  stop(): void;
  /** A hidden tab lets go of its connection after a while and takes it up again when seen. */
  setHidden(isHidden: boolean): void;
  /** The page is left and may be shown again as it is: lets go at once and says so, until it is seen again. */
  leave(): void;
  /** The session has ended: lets go and does not come back. */
  endSession(): void;
}

const HIDDEN_MS = 30_000;
/** A blip stays quiet; only then does the stream count as lost. */
const LOST_AFTER_ATTEMPTS = 2;

/** Waiting time before attempt `n` (from 0): 1 s doubling to 15 s. */
export function backOffMs(attempt: number): number {
  return Math.min(15_000, 1000 * 2 ** attempt);
}

/** Creates the store with the snapshots that the server rendered, so that nothing jumps when the stream begins. */
export function createLiveStore(initial: readonly ApplicationSummary[], ports: LivePorts): LiveStore {
  const initialState: LiveState = {
    snapshots: Object.fromEntries(initial.map((snapshot) => [snapshot.name, snapshot])),
    stream: "connecting",
    since: ports.now(),
  };
  let state = initialState;
  const listeners = new Set<() => void>();
  let source: StreamSource | null = null;
  let attempt = 0;
  let retry: unknown = null;
  let hiding: unknown = null;
  let isStarted = false;

  const set = (change: Partial<LiveState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  const setStream = (stream: StreamState) => {
    if (state.stream !== stream) set({ stream, since: ports.now() });
  };
  const put = (snapshot: ApplicationSummary) => {
    if (state.snapshots[snapshot.name] !== snapshot)
      set({ snapshots: { ...state.snapshots, [snapshot.name]: snapshot } });
  };

  const clear = () => {
    if (retry !== null) ports.clearTimer(retry);
    retry = null;
    silence.stop();
    source?.close();
    source = null;
  };
  const answered = () => {
    attempt = 0;
    setStream("live");
  };
  const heard = (isPing = false) => {
    silence.heard(isPing);
    answered();
  };
  const failed = () => {
    clear();
    setStream(attempt >= LOST_AFTER_ATTEMPTS ? "lost" : "reconnecting");
    const wait = backOffMs(attempt++);
    void ports.isSignedOut().then((isSignedOut) => {
      if (!isStarted || source || retry !== null || state.stream === "signed-out") return;
      if (isSignedOut) setStream("signed-out");
      else retry = ports.setTimer(connect, wait);
    });
  };
  const connect = () => {
    clear();
    const opened = ports.open(silence.isHeldBack);
    source = opened;
    silence.opened();
    opened.onopen = () => {
      // Its head alone tells nothing where streams were silent before.
      if (source === opened && silence.inARow === 0) answered();
    };
    opened.onerror = () => {
      if (source === opened) failed();
    };
    for (const whole of ["snapshot", "summary"])
      opened.addEventListener(whole, (event) => {
        if (source !== opened) return;
        heard();
        const snapshot = parse<ApplicationSummary>(event.data);
        if (!snapshot) return;
        const before = state.snapshots[snapshot.name];
        // What is as it was stays the same object: a stream that begins anew draws nothing that has not changed.
        put(before ? applyPatch(before, diff(before, snapshot)) : snapshot);
      });
    opened.addEventListener("patch", (event) => {
      if (source !== opened) return;
      heard();
      const message = parse<{ application: string; patch: Patch }>(event.data);
      const before = message ? state.snapshots[message.application] : undefined;
      // A patch to something never seen means that the two sides disagree: a new connection begins with a whole snapshot.
      if (!message || !before) return failed();
      put(applyPatch(before, message.patch));
    });
    opened.addEventListener("ping", () => {
      if (source === opened) heard(true);
    });
    opened.addEventListener("access", () => {
      if (source !== opened) return;
      connect();
      ports.accessChanged?.();
    });
    // The server ends streams by their age; nothing is wrong, so nothing is said unless the new one stays silent.
    opened.addEventListener("renew", () => {
      if (source !== opened) return;
      connect();
      answered();
    });
  };
  const silence = new SilenceWatch(ports, failed);

  const leave = () => {
    clear();
    setStream("paused");
  };

  return {
    getState: () => state,
    getInitialState: () => initialState,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      isStarted = true;
      connect();
    },
    stop() {
      isStarted = false;
      if (hiding !== null) ports.clearTimer(hiding);
      clear();
    },
    setHidden(isHidden) {
      if (hiding !== null) ports.clearTimer(hiding);
      hiding = null;
      if (!isStarted || state.stream === "signed-out") return;
      if (isHidden) {
        hiding = ports.setTimer(leave, HIDDEN_MS);
      } else if (!source) {
        attempt = 0;
        if (state.stream === "paused") setStream("connecting");
        connect();
      }
    },
    leave() {
      if (isStarted && state.stream !== "signed-out") leave();
    },
    endSession() {
      clear();
      setStream("signed-out");
    },
  };
}

function parse<T>(data: string): T | null {
  try {
    // Safe because our own server writes these events from the same types.
    return JSON.parse(data) as T;
  } catch {
    return null;
  }
}
