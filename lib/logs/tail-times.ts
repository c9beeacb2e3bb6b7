/** Times and bounds of a shared tail, in ms where not said otherwise. */
export interface GroupTailTimes {
  /** Between two polls while live tail cannot be had. */
  pollMs: number;
  /** How far a search reaches back behind what is covered: lines arrive at CloudWatch after they were written. */
  overlapMs: number;
  /** After a restart a second search picks up lines that the first could not find yet. */
  settleMs: number;
  /** A session that sends nothing for this long is dead: AWS sends an update every second. */
  silenceMs: number;
  /** Before live tail is tried again, by what refused it. */
  retryMs: Readonly<Record<"denied" | "limited" | "throttled" | "missing" | "other", number>>;
  /** Searches of many viewers may wait for each other's sake; new lines do not wait longer than this with them. */
  searchMs: number;
  /** Lines kept for the next viewer, and characters of theirs at most. */
  ringLines: number;
  ringCharacters: number;
  /** Lines, and characters, that wait for slow viewers of one application, once for all of them; then the oldest are dropped. */
  queuedLines: number;
  queuedCharacters: number;
}

/** Waits and bounds; ms where not said otherwise. */
export interface LogTailsTimes extends GroupTailTimes {
  /** How long a tail outlives its last viewer, so that a reload does not open a new session. */
  lingerMs: number;
  /** Characters of first lines that slow viewers have not taken yet, all together: over it the next one gets none. */
  firstCharacters: number;
}

/** Sized by AWS's limits: 5 to 25 FilterLogEvents a second and 15 sessions for the whole account. */
export const DEFAULT_TAIL_TIMES: LogTailsTimes = {
  pollMs: 2000,
  overlapMs: 60_000,
  settleMs: 10_000,
  silenceMs: 15_000,
  retryMs: { denied: 300_000, limited: 30_000, throttled: 10_000, missing: 5000, other: 5000 },
  searchMs: 5000,
  ringLines: 5000,
  ringCharacters: 8_000_000,
  queuedLines: 5000,
  queuedCharacters: 8_000_000,
  lingerMs: 5000,
  firstCharacters: 32_000_000,
};
