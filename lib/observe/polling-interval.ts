/** How closely one application is looked at: in flight or open in somebody's browser, in an overview, or by nobody. */
export const ATTENTIONS = ["focus", "overview", "idle"] as const;
export type Attention = (typeof ATTENTIONS)[number];

/** What one round of each kind costs in calls of the source's tightest bucket, and how many calls a second that bucket bears. */
export interface PollingLoad {
  calls: Readonly<Record<Attention, number>>;
  perSecond: number;
  fastMs: number;
  /** As `fastMs` when left out. */
  overviewMs?: number;
  idleMs: number;
}

/** Headroom for refreshes and for what is read once a minute. */
const USABLE = 0.8;
/** Overviews and idle applications keep this part of the bucket however many are looked at closely. */
const LEAST_REST = 0.25;

/** How often each kind may be read so that all of them together stay within the bucket; slower when it was throttled. */
export function pollingIntervals(load: PollingLoad): Record<Attention, number> {
  const usable = load.perSecond * USABLE;
  const forFocus = usable * (load.calls.overview + load.calls.idle > 0 ? 1 - LEAST_REST : 1);
  const focus = Math.max(load.fastMs, (load.calls.focus / forFocus) * 1000);
  const rest = Math.max(usable * LEAST_REST, usable - (load.calls.focus / focus) * 1000);
  const wanted = (load.calls.overview / (load.overviewMs ?? load.fastMs)) * 1000;
  const idle = Math.max(load.idleMs, (load.calls.idle / Math.max(rest / 2, rest - wanted)) * 1000);
  const forOverview = Math.max(rest / 2, rest - (load.calls.idle / idle) * 1000);
  const overview = Math.max(load.overviewMs ?? load.fastMs, (load.calls.overview / forOverview) * 1000);
  return { focus, overview, idle };
}
