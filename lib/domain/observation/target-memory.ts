import { type HealthSpan, TARGET_STATES, type Target, type TargetHealthState } from "./slot.ts";

/** One target as the load balancer tells it, without a past. */
export interface TargetState {
  id: string;
  port: number;
  state: TargetHealthState;
  reason?: string;
  description?: string;
}

/** What is remembered of each target, by its group's ARN, then by id and port. Mutable: one a process. */
export type TargetMemory = Map<string, Map<string, Remembered>>;

interface Remembered {
  readAt: number;
  state: TargetHealthState;
  reason?: string;
  since: number;
  /** Epoch ms since which the state was seen without a gap in the looks; left out in what an older process kept. */
  unbrokenSince?: number;
  previous?: Target["previous"];
  history: HealthSpan[];
  consecutive: number;
  /** Times of the newest observations in this state, oldest first; as many as stability asks for. */
  reads: number[];
}

const HISTORY_MS = 15 * 60_000;
const MOST_SPANS = 200;
/** A target that one (perhaps stale) answer leaves out is not forgotten at once. */
const FORGET_AFTER_MS = 60_000;

/**
 * Gives targets their past and remembers them. A reading that is not newer than the last one of its target changes nothing,
 * so the same reading may be told twice. `stableChecks` is how many observations make a state a lasting one.
 */
export function rememberTargets(
  memory: TargetMemory,
  targetGroupArn: string,
  states: readonly TargetState[],
  readAt: number,
  stableChecks = 1,
): Target[] {
  const group = memory.get(targetGroupArn) ?? new Map<string, Remembered>();
  memory.set(targetGroupArn, group);
  const targets = states.map((target) => {
    const key = `${target.id}:${target.port}`;
    const remembered = remember(group.get(key), target, readAt, stableChecks);
    group.set(key, remembered);
    return {
      ...target,
      since: remembered.since,
      ...(remembered.previous ? { previous: remembered.previous } : {}),
      history: remembered.history,
      consecutive: remembered.consecutive,
      unbrokenSince: remembered.unbrokenSince ?? readAt,
      ...heldSince(remembered.reads, stableChecks),
    };
  });
  for (const [key, remembered] of group) if (readAt - remembered.readAt > FORGET_AFTER_MS) group.delete(key);
  return targets.sort((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }) || a.port - b.port);
}

/**
 * Takes up what another process remembered, as JSON kept it: a list of groups with a list of targets each. What was read more
 * than a minute ago is left out, because nobody knows what happened since, and so is what is no such thing. That a target was
 * healthy some times in a row is not taken over: whoever decides on it has to have seen it.
 */
export function recallTargets(memory: TargetMemory, kept: unknown, now: number): void {
  for (const [arn, targets] of pairsOf(kept)) {
    const group = memory.get(arn) ?? new Map<string, Remembered>();
    for (const [key, value] of pairsOf(targets))
      if (isRemembered(value) && now - value.readAt <= FORGET_AFTER_MS && !group.has(key))
        group.set(key, { ...value, history: recent(value.history, now), consecutive: 0, reads: [] });
    if (group.size > 0) memory.set(arn, group);
  }
}

function pairsOf(value: unknown): [string, unknown][] {
  if (!Array.isArray(value)) return [];
  return value.filter((pair): pair is [string, unknown] => Array.isArray(pair) && typeof pair[0] === "string");
}

function isRemembered(value: unknown): value is Remembered {
  if (typeof value !== "object" || value === null) return false;
  const { readAt, state, since, history } = value as Partial<Remembered>;
  const isState = (each: unknown) => TARGET_STATES.some((known) => known === each);
  const isSpan = (span: HealthSpan | null) => typeof span?.at === "number" && isState(span.state);
  return (
    typeof readAt === "number" &&
    typeof since === "number" &&
    isState(state) &&
    Array.isArray(history) &&
    history.every(isSpan)
  );
}

function heldSince(reads: readonly number[], stableChecks: number): { heldSince?: number } {
  const oldest = reads[reads.length - stableChecks];
  return oldest === undefined ? {} : { heldSince: oldest };
}

function remember(
  known: Remembered | undefined,
  target: TargetState,
  readAt: number,
  stableChecks: number,
): Remembered {
  const span: HealthSpan = { at: readAt, state: target.state, ...(target.reason ? { reason: target.reason } : {}) };
  if (!known)
    return {
      readAt,
      state: target.state,
      reason: target.reason,
      since: readAt,
      unbrokenSince: readAt,
      history: [span],
      consecutive: 1,
      reads: [readAt],
    };
  if (readAt <= known.readAt) return known;
  const isSameState = known.state === target.state;
  // Nobody knows what a target was while nobody looked.
  const isUnbroken = isSameState && readAt - known.readAt <= FORGET_AFTER_MS;
  const isSameSpan = isSameState && known.reason === target.reason;
  return {
    readAt,
    state: target.state,
    reason: target.reason,
    since: isSameState ? known.since : readAt,
    unbrokenSince: (isUnbroken ? known.unbrokenSince : null) ?? readAt,
    previous: isSameState ? known.previous : { state: known.state, ...(known.reason ? { reason: known.reason } : {}) },
    history: recent(isSameSpan ? known.history : [...known.history, span], readAt),
    consecutive: isSameState ? known.consecutive + 1 : 1,
    reads: isSameState ? [...known.reads, readAt].slice(-stableChecks) : [readAt],
  };
}

/** The spans that reach into the last 15 minutes: the newest that began before them stays, because it still held then. */
function recent(spans: HealthSpan[], now: number): HealthSpan[] {
  const start = now - HISTORY_MS;
  const first = spans.findLastIndex((span) => span.at <= start);
  if (first <= 0 && spans.length <= MOST_SPANS) return spans;
  return spans.slice(Math.max(0, first)).slice(-MOST_SPANS);
}
