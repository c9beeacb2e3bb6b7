/** What is watched of the new side during a shift and its bake; null turns a check off. */
export interface Checks {
  /** Share of its requests that may be answered 5xx, 0 to 1, whatever the old side does. */
  maxErrorShare: number | null;
  /** How much more of its requests may be answered 5xx than of the old side's: 0.05 is five points. */
  errorShareMargin: number | null;
  /** How many times as long as the old side it may take to answer (95th percentile). */
  responseTimeFactor: number | null;
  /** Fewer requests than this tell nothing. */
  minimumSamples: number;
  /** Whether requests in the log count as well while a switch is verified: seconds after they were answered, metrics come minutes later. */
  requestLines: boolean;
  /** Whether kinds of error that only the new side writes, or writes far more often, count; null: they are only told. */
  errorKinds: ErrorKindChecks | null;
}

/** What comes of the new side's own kinds of error. */
export interface ErrorKindChecks {
  /** As many kinds are needed. */
  atLeast: number;
  /** Whether they block a switch to it. */
  blockSwitch: boolean;
  /** Whether they turn round a release or switch that is shifted or bakes. */
  rollBack: boolean;
}

/** What holds where nothing is configured. */
export const DEFAULT_CHECKS: Checks = {
  maxErrorShare: 0.5,
  errorShareMargin: 0.05,
  responseTimeFactor: 3,
  minimumSamples: 20,
  requestLines: true,
  errorKinds: null,
};

/** How often ELB publishes its metrics: every 60 s in AWS. Shorter ones are for the sandbox. */
export const METRIC_PERIODS_SECONDS = [1, 5, 10, 30, 60] as const;
