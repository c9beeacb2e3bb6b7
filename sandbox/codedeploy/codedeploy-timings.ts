/** How long things take, in sandbox milliseconds. */
export interface CodedeployTimings {
  /** How often conditions are looked at. */
  tickMs: number;
  /** From one lifecycle event to the next: AWS's sample has 0.3 to 0.8 s. */
  eventMs: number;
  /** AWS gives up waiting for a steady green side after an hour. */
  installTimeoutMs: number;
  /** Functions of hooks have an hour to answer. */
  hookTimeoutMs: number;
  /** The longest that requests take to follow a listener that was changed. */
  dataPlaneLagMs: number;
}

/** The same two kinds of time that ECS has. */
export const CODEDEPLOY_TIMINGS: Readonly<Record<"fast" | "aws", CodedeployTimings>> = {
  fast: { tickMs: 500, eventMs: 100, installTimeoutMs: 3_600_000, hookTimeoutMs: 3_600_000, dataPlaneLagMs: 0 },
  aws: { tickMs: 2000, eventMs: 500, installTimeoutMs: 3_600_000, hookTimeoutMs: 3_600_000, dataPlaneLagMs: 14_000 },
};
