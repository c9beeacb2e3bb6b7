import { type Sentence, say } from "../sentence/sentence.ts";
import { utcMinute } from "../text/utc-minute.ts";
import { nextRun } from "./scaling-schedule.ts";
import type { ScalingPolicy, ScheduledScaling } from "./side-scaling.ts";
import type { Slot } from "./slot.ts";

/** What is known of scaling and of counts decides what is told of a side. */
type ScaledSlot = Pick<Slot, "color" | "counts" | "scaling">;

/** Of AWS's alarms for target tracking: the metric is under this part of its target for 15 minutes. */
const LOW_SHARE = 0.9;

/** What will take tasks of the side away, and when, or that this is suspended; none where nothing can, and where nothing is known of scaling. */
export function scaleInsOf({ color: side, counts, scaling }: ScaledSlot, now: number): Sentence[] {
  if (!scaling || counts.desired === 0) return [];
  const { minimum: least, policies } = scaling;
  const byPolicy = counts.desired > least ? policies.filter(({ scalesIn }) => scalesIn) : [];
  const bySchedule = scaling.isScheduleSuspended
    ? []
    : scaling.scheduled.filter(({ maximum }) => maximum !== null && maximum < counts.desired);
  return [
    ...aboveMaximumSaid({ color: side, counts, scaling }),
    ...(scaling.isScaleInSuspended
      ? byPolicy.slice(0, 1).map(() => say("scaling.suspended", { side }))
      : byPolicy.map((policy) => policySaid(side, policy, least))),
    ...bySchedule.map((action) => scheduleSaid(side, action, now)),
  ];
}

/**
 * That the side runs more tasks than its auto scaling allows: whatever policy acts next, also one that scales out, takes it to the
 * maximum, which may be 0.
 */
export function aboveMaximumSaid({ color: side, counts: { desired }, scaling }: ScaledSlot): Sentence[] {
  if (!scaling || scaling.policies.length === 0 || desired <= scaling.maximum) return [];
  return [say("scaling.aboveMaximum", { side, desired, most: scaling.maximum })];
}

function policySaid(side: string, { name, alarm, metric, target }: ScalingPolicy, least: number): Sentence {
  if (alarm?.state === "ALARM")
    return alarm.since === null
      ? say("scaling.now", { side, name, least })
      : say("scaling.nowSince", { side, name, least, since: utcMinute(alarm.since) });
  if (metric !== null && target !== null)
    return say("scaling.below", { side, name, least, metric, level: Math.round(target * LOW_SHARE * 100) / 100 });
  return alarm
    ? say("scaling.byAlarm", { side, name, least, alarm: alarm.name })
    : say("scaling.byPolicy", { side, name, least });
}

function scheduleSaid(side: string, action: ScheduledScaling, now: number): Sentence {
  const { name, schedule, timezone, maximum } = action;
  const at = nextRun(action, now);
  return at === null
    ? say("scaling.scheduled", { side, name, most: maximum ?? 0, schedule, timezone })
    : say("scaling.scheduledAt", { side, name, most: maximum ?? 0, at: utcMinute(at) });
}

/** Whether auto scaling set the count that the side's service has; "unsettled" while it was not asked since that changed. */
export function hasScaled({ scaling }: Pick<Slot, "scaling">, since: number): "yes" | "no" | "unsettled" {
  if (!scaling) return "no";
  if (scaling.count !== scaling.countWhenRead) return "unsettled";
  return scaling.newest?.count === scaling.count && scaling.newest.at >= since ? "yes" : "no";
}
