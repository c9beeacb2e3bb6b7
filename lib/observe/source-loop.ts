import type { Application } from "../domain/application/application.ts";
import { ATTENTIONS, type Attention, pollingIntervals } from "./polling-interval.ts";

/** One AWS API family that is read again and again, on its own, so that a slow one holds up no other. */
export interface SourceLoop {
  /** Runs until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Looks again at once at what is due: somebody came, or an application was resolved. */
  wake(): void;
  /** The application was just read by other means, so its turn is over. */
  markRead(name: string, at: number): void;
  /** How often the application is read now: as planned, or as its last two turns were apart where that is longer. */
  intervalMs(name: string): number;
  /** Whether it has been read at least once. */
  hasRead(name: string): boolean;
  /** Calls a second that all its rounds together are planned to cost. */
  callsPerSecond(): number;
}

/** What is watched or in flight is read in a lane of its own, so that it never waits behind a round of the others. */
export type Lane = "focus" | "rest";

export interface SourceLoopOptions {
  now: () => number;
  fastMs: number | (() => number);
  /** As `fastMs` when left out. */
  overviewMs?: number | (() => number);
  idleMs: number | (() => number);
  applications: () => readonly Application[];
  attentionOf: (name: string) => Attention;
  /** Calls of the tightest bucket that one round costs. */
  callsOf: (applications: readonly Application[]) => number;
  /** Calls a second which that bucket bears now. */
  perSecond: () => number;
  /** Most applications of one round of the rest; all that are due when left out. */
  slice?: number;
  /** Whether what nobody looks at takes its turns as fast as the bucket lets it, rather than as fast as was planned for. */
  isGreedy?: boolean;
  /** Of the others, the one read longest ago first, those that a round brings along at no cost; none when left out. */
  companyOf?: (round: readonly Application[], others: readonly Application[]) => readonly Application[];
  /** Reads them all; failures of AWS's are facts, not exceptions. */
  gather: (applications: readonly Application[], lane: Lane) => Promise<void>;
  gathered: (applications: readonly Application[]) => void | Promise<void>;
  onError: (error: unknown) => void;
}

const LONGEST_SLEEP_MS = 60_000;
/** Applications whose turns are this close are read together, because one call carries many. */
const TOGETHER = 0.25;

/** A loop that reads each application at its own pace. */
export function createSourceLoop(options: SourceLoopOptions): SourceLoop {
  const startedAt = new Map<string, number>();
  /** How far the last two turns of each were apart. */
  const gaps = new Map<string, number>();
  const read = new Set<string>();
  let intervals: Record<Attention, number> = {
    focus: timeOf(options.fastMs),
    overview: timeOf(options.overviewMs ?? options.fastMs),
    idle: timeOf(options.idleMs),
  };
  let spent = 0;
  const lanes: Record<Lane, { wakeUp: () => void; isWoken: boolean }> = {
    focus: { wakeUp() {}, isWoken: false },
    rest: { wakeUp() {}, isWoken: false },
  };

  function measure(): void {
    const groups = Object.groupBy(options.applications(), (application) => options.attentionOf(application.name));
    const calls = { focus: 0, overview: 0, idle: 0 };
    for (const attention of ATTENTIONS) calls[attention] = options.callsOf(groups[attention] ?? []);
    intervals = pollingIntervals({
      calls,
      perSecond: options.perSecond(),
      fastMs: timeOf(options.fastMs),
      overviewMs: timeOf(options.overviewMs ?? options.fastMs),
      idleMs: timeOf(options.idleMs),
    });
    spent = ATTENTIONS.reduce((sum, attention) => sum + (calls[attention] / intervals[attention]) * 1000, 0);
  }

  const lastTurn = (name: string) => startedAt.get(name) ?? Number.NEGATIVE_INFINITY;
  const plannedMs = (name: string) => intervals[options.attentionOf(name)];
  function dueAfterMs(name: string): number {
    const isGreedy = options.isGreedy && options.attentionOf(name) === "idle";
    return isGreedy ? timeOf(options.idleMs) : plannedMs(name);
  }
  const dueAt = (name: string) => lastTurn(name) + dueAfterMs(name);
  const laneOf = (name: string): Lane => (options.attentionOf(name) === "focus" ? "focus" : "rest");
  const inLane = (lane: Lane) => options.applications().filter(({ name }) => laneOf(name) === lane);

  function started(name: string, at: number): void {
    const before = startedAt.get(name);
    if (before !== undefined && at > before) gaps.set(name, at - before);
    startedAt.set(name, Math.max(at, before ?? 0));
  }

  function sleep(ms: number, lane: Lane, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done, { once: true });
      lanes[lane].wakeUp = done;
    });
  }

  /** What is read next in a lane: what is due, and what is nearly due, because one call carries many. */
  function nextRound(lane: Lane, at: number): Application[] {
    const here = inLane(lane);
    if (!here.some(({ name }) => dueAt(name) <= at)) return [];
    const due = here.filter(({ name }) => dueAt(name) <= at + dueAfterMs(name) * TOGETHER);
    if (lane === "focus" || options.slice === undefined || due.length <= options.slice) return due;
    const rank = ({ name }: Application) => ATTENTIONS.indexOf(options.attentionOf(name));
    return due.toSorted((a, b) => rank(a) - rank(b) || lastTurn(a.name) - lastTurn(b.name)).slice(0, options.slice);
  }

  /** Those whose own turn is half over. */
  function companyOf(round: readonly Application[], at: number): readonly Application[] {
    if (!options.companyOf) return [];
    const isHalfDue = ({ name }: Application) => lastTurn(name) + dueAfterMs(name) / 2 <= at;
    const others = options.applications().filter((each) => isHalfDue(each) && !round.includes(each));
    return options.companyOf(
      round,
      others.toSorted((a, b) => lastTurn(a.name) - lastTurn(b.name)),
    );
  }

  async function turn(lane: Lane, signal: AbortSignal): Promise<void> {
    measure();
    const at = options.now();
    const due = nextRound(lane, at);
    if (due.length === 0) return;
    const round = [...due, ...companyOf(due, at)];
    for (const { name } of round) started(name, at);
    try {
      await options.gather(round, lane);
    } catch (error) {
      options.onError(error);
    }
    for (const { name } of round) read.add(name);
    if (!signal.aborted) await options.gathered(round);
    measure();
  }

  async function runLane(lane: Lane, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      lanes[lane].isWoken = false;
      await turn(lane, signal);
      const next = Math.min(...inLane(lane).map(({ name }) => dueAt(name)));
      const waitMs = Math.min(LONGEST_SLEEP_MS, Math.max(0, next - options.now()));
      if (!lanes[lane].isWoken && !signal.aborted && waitMs > 0) await sleep(waitMs, lane, signal);
      // Without this a clock that stands still would never let anything else run.
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }

  return {
    async run(signal) {
      await Promise.all([runLane("focus", signal), runLane("rest", signal)]);
    },
    wake() {
      for (const lane of Object.values(lanes)) {
        lane.isWoken = true;
        lane.wakeUp();
      }
    },
    markRead(name, at) {
      started(name, at);
      read.add(name);
    },
    intervalMs: (name) => (laneOf(name) === "focus" ? plannedMs(name) : Math.max(plannedMs(name), gaps.get(name) ?? 0)),
    hasRead: (name) => read.has(name),
    callsPerSecond: () => spent,
  };
}

function timeOf(ms: number | (() => number)): number {
  return typeof ms === "function" ? ms() : ms;
}
