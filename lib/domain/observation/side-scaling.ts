import type { WatchedAlarm } from "./side-metrics.ts";

/** What Application Auto Scaling may do to the service of one side. Times are epoch ms. */
export interface SideScaling {
  minimum: number;
  maximum: number;
  /** Whether policies may take tasks away now. */
  isScaleInSuspended: boolean;
  /** Whether scheduled actions run now. */
  isScheduleSuspended: boolean;
  policies: ScalingPolicy[];
  scheduled: ScheduledScaling[];
  /** The newest desired count that it set; null where it set none that AWS still tells. */
  newest: { count: number; at: number } | null;
  /** The service's desired count when all this was asked. */
  countWhenRead: number;
  /** The service's desired count now, which of task sets is not the side's own; what differs has changed since all this was asked. */
  count: number;
}

/** A scaling policy; names are people's own. */
export interface ScalingPolicy {
  name: string;
  kind: "target-tracking" | "step" | "predictive";
  /** Whether it may take tasks away. */
  scalesIn: boolean;
  /** The metric that it follows; null where it follows none by itself. */
  metric: string | null;
  /** What it keeps that metric at; null but for target tracking. */
  target: number | null;
  /** The alarm that makes it take tasks away; null where none is known. */
  alarm: Pick<WatchedAlarm, "name" | "state" | "since"> | null;
}

/** A scheduled action: from its times on the bounds are others, and the count goes within them. */
export interface ScheduledScaling {
  name: string;
  /** As AWS writes it: "cron(0 20 * * ? *)". */
  schedule: string;
  /** IANA name; UTC where none is given. */
  timezone: string;
  minimum: number | null;
  maximum: number | null;
  /** Outside of these it does not run; null where nothing bounds it. */
  startsAt: number | null;
  endsAt: number | null;
}
