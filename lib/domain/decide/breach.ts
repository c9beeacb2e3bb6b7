import type { Application } from "../application/application.ts";
import type { Baseline, Breach } from "../deployment/breach-record.ts";
import { comparisonOf, surelyNewKinds } from "../observation/compared-errors.ts";
import type { Observation } from "../observation/observation.ts";
import { activeTargets, targetSaid } from "../observation/side-health.ts";
import type { MetricPoint } from "../observation/side-metrics.ts";
import { otherColor, type Slot, type SlotColor } from "../observation/slot.ts";
import { errorKindsSaid } from "../rules/error-kind-rules.ts";
import { deadTasks, deathThreshold, isOldSideDying } from "../rules/task-deaths.ts";
import { inEnglish } from "../sentence/in-language.ts";
import { type Sentence, say } from "../sentence/sentence.ts";

/** The shift that is watched. */
export interface SinceShift {
  /** The side that got traffic. */
  to: SlotColor;
  /** Epoch ms at which the first weights were sent. */
  sentAt: number;
  /** Null while the old side's requests before the shift are not known. */
  baseline: Baseline | null;
  /** Requests of the side in its log, counted from the shift on; null where none are read. */
  logged?: { requests: number; errors: number } | null;
  /** Id of the deployment; null where the sides' kinds of error are not held against each other. */
  about?: string | null;
}

export type BreachSettings = Pick<Application, "alarms" | "checks" | "stableChecks">;

/** A target whose task just died stays unhealthy until ECS takes it out. */
const UNHEALTHY_AFTER_MS = 30_000;
/** A side that answers in 2 ms instead of 1 is twice as slow and nobody minds. */
const SLOWER_AT_LEAST_MS = 100;
/** One period's 95th percentile may rest on a single slow request. */
const LEAST_PERIODS = 2;
/** One-sided, 99 %: a share counts as above its bound only when chance would rarely make it look so. */
const CERTAINTY = 2.33;

/** The first figure that broke its bound since the shift; null while all hold, or nothing can be told yet. */
export function findBreach(
  observation: Pick<Observation, "slots" | "watchedAlarms" | "errorKinds">,
  settings: BreachSettings,
  sinceShift: SinceShift,
  now: number,
): Breach | null {
  return (
    findAlarm(observation.watchedAlarms ?? [], settings, sinceShift) ??
    findTaskExits(observation, sinceShift) ??
    findNoTarget(observation, sinceShift) ??
    findUnhealthy(observation, settings, sinceShift, now) ??
    findErrors(observation, settings, sinceShift) ??
    findSlowness(observation, settings, sinceShift) ??
    findErrorKinds(observation, settings, sinceShift, now)
  );
}

function toBreach(figures: Omit<Breach, "message" | "said">, said: Sentence): Breach {
  return { ...figures, message: inEnglish(said), said };
}

/** The side's requests in the periods that ended before `until`; null while there are none on record. */
export function takeBaseline(slot: Pick<Slot, "metrics">, until: number): Baseline | null {
  const { series, periodSeconds } = slot.metrics ?? { series: [], periodSeconds: 0 };
  const before = series.filter(({ at, requests }) => at + periodSeconds * 1000 <= until && requests > 0);
  if (before.length === 0) return null;
  const { requests, errors } = total(before);
  return { requests, errors, p95Ms: usualP95(before) };
}

/** An alarm that was red before the shift says nothing of the new side. */
function findAlarm(
  alarms: NonNullable<Observation["watchedAlarms"]>,
  settings: BreachSettings,
  { sentAt }: SinceShift,
): Breach | null {
  const red = alarms.find(
    ({ name, state, since }) => settings.alarms.includes(name) && state === "ALARM" && (since ?? sentAt) >= sentAt,
  );
  if (!red) return null;
  const { name, reason } = red;
  const said = reason ? say("breach.alarmWhy", { name, why: reason }) : say("breach.alarm", { name });
  return toBreach({ figure: "alarm", bound: null, measured: null, samples: null }, said);
}

function findTaskExits({ slots }: Pick<Observation, "slots">, { to, sentAt }: SinceShift): Breach | null {
  const slot = slots[to];
  const { desired } = slot.counts;
  const dead = slot.revision
    ? deadTasks(slot, slot.revision, 0).filter(({ stoppedAt }) => stoppedAt !== null && stoppedAt >= sentAt)
    : [];
  const allowed = deathThreshold(desired) - 1;
  if (dead.length <= allowed || isOldSideDying(slots[otherColor(to)], sentAt, dead.length, desired)) return null;
  const why = dead[0]?.stoppedReason ?? dead[0]?.stopCode;
  const counted = { dead: dead.length, to, allowed };
  return toBreach(
    { figure: "taskExits", bound: allowed, measured: dead.length, samples: desired },
    why ? say("breach.taskExitsWhy", { ...counted, why }) : say("breach.taskExits", counted),
  );
}

/** Without a registered target the load balancer answers 503 itself, which no group's metrics tell. */
function findNoTarget({ slots }: Pick<Observation, "slots">, { to }: SinceShift): Breach | null {
  const { desired, running } = slots[to].counts;
  const isGone = activeTargets(slots[to]).length === 0 && running < Math.max(1, desired);
  const hasOld = activeTargets(slots[otherColor(to)]).some(({ state }) => state === "healthy");
  if (!isGone || !hasOld) return null;
  return toBreach({ figure: "unhealthyTargets", bound: 0, measured: 0, samples: 0 }, say("breach.noTarget", { to }));
}

function findUnhealthy(
  { slots }: Pick<Observation, "slots">,
  settings: BreachSettings,
  { to, sentAt }: SinceShift,
  now: number,
): Breach | null {
  const targets = activeTargets(slots[to]);
  const sick = targets.filter(
    ({ state, since, consecutive }) =>
      state === "unhealthy" &&
      since >= sentAt &&
      now - since >= UNHEALTHY_AFTER_MS &&
      consecutive >= settings.stableChecks,
  );
  const [first] = sick;
  // What makes the old side as sick is not the new revision's fault, and turning back would help nobody.
  const old = activeTargets(slots[otherColor(to)]);
  const oldSick = old.filter(({ state }) => state === "unhealthy").length;
  if (!first || oldSick * targets.length >= sick.length * Math.max(1, old.length)) return null;
  const counted = { sick: sick.length, targets: targets.length, to };
  return toBreach(
    { figure: "unhealthyTargets", bound: 0, measured: sick.length, samples: targets.length },
    say("breach.unhealthy", { ...counted, first: targetSaid(first) }),
  );
}

function findErrors({ slots }: Pick<Observation, "slots">, settings: BreachSettings, since: SinceShift): Breach | null {
  const { maxErrorShare, errorShareMargin, minimumSamples } = settings.checks;
  const old = oldRequests(slots, settings, since);
  const allowed = old && errorShareMargin !== null ? shareOf(old) + errorShareMargin : null;
  const bounds = [maxErrorShare, allowed].filter((bound) => bound !== null);
  if (bounds.length === 0) return null;
  const bound = Math.min(...bounds);
  const points = pointsSince(slots[since.to], since.sentAt);
  const logged = since.logged ? [{ ...since.logged, ownErrors: 0 }] : [];
  // The newest requests show what began late; all of them show what is too rare for the newest to tell. The log has them first.
  for (const counted of [...logged, total(newest(points, minimumSamples)), total(points)]) {
    if (counted.requests < minimumSamples || !isSurelyAbove(counted, bound)) continue;
    // Turning back to a side that does no better would help nobody.
    if (old && !isSurelyAbove(counted, shareOf(old))) continue;
    const figures = { figure: "errorShare" as const, bound, measured: shareOf(counted), samples: counted.requests };
    return toBreach(figures, errorsSaid(since.to, counted, old, bound));
  }
  return null;
}

function errorsSaid(to: SlotColor, counted: ReturnType<typeof total>, old: Baseline | null, bound: number): Sentence {
  const { requests, errors, ownErrors } = counted;
  const what = { to, share: percent(shareOf(counted)), errors, requests, own: ownErrors, allowed: percent(bound) };
  if (!old) return say("breach.errors", what);
  const before = { other: otherColor(to), oldShare: percent(shareOf(old)), oldErrors: old.errors };
  return say("breach.errorsCompared", { ...what, ...before, oldRequests: old.requests });
}

function findSlowness(
  { slots }: Pick<Observation, "slots">,
  settings: BreachSettings,
  since: SinceShift,
): Breach | null {
  const { responseTimeFactor, minimumSamples } = settings.checks;
  const old = oldRequests(slots, settings, since);
  if (responseTimeFactor === null || !old || old.p95Ms === null) return null;
  const window = newest(pointsSince(slots[since.to], since.sentAt), minimumSamples, LEAST_PERIODS);
  const { requests } = total(window);
  const measured = usualP95(window);
  const bound = Math.max(old.p95Ms * responseTimeFactor, old.p95Ms + SLOWER_AT_LEAST_MS);
  const timed = window.filter(({ p95Ms }) => p95Ms !== null).length;
  if (measured === null || requests < minimumSamples || timed < LEAST_PERIODS || measured <= bound) return null;
  const before = { other: otherColor(since.to), oldTime: milliseconds(old.p95Ms), oldRequests: old.requests };
  const said = say("breach.slow", {
    ...{ to: since.to, time: milliseconds(measured), requests, allowed: milliseconds(bound) },
    ...before,
  });
  return toBreach({ figure: "responseTime", bound, measured, samples: requests }, said);
}

/** Only where it was asked for; a comparison that is old, or of another deployment, or could not be made, says nothing. */
function findErrorKinds(
  { errorKinds }: Pick<Observation, "errorKinds">,
  { checks }: BreachSettings,
  { to, sentAt, about = null }: SinceShift,
  now: number,
): Breach | null {
  if (!checks.errorKinds?.rollBack || about === null || (errorKinds?.at ?? 0) < sentAt) return null;
  const compared = comparisonOf(errorKinds, about, now);
  if (compared?.found.color !== to) return null;
  const kinds = surelyNewKinds(compared, checks.errorKinds, sentAt);
  if (kinds.length === 0) return null;
  const samples = kinds.reduce((sum, { counts }) => sum + counts[to], 0);
  const bound = checks.errorKinds.atLeast - 1;
  const said = errorKindsSaid(kinds, to, bound);
  return toBreach({ figure: "errorKinds", bound, measured: kinds.length, samples }, said);
}

/** The old side's requests while both have traffic, because what troubles both is nobody's fault; else those before the shift. */
function oldRequests(slots: Observation["slots"], settings: BreachSettings, since: SinceShift): Baseline | null {
  const { minimumSamples } = settings.checks;
  const points = (slots[otherColor(since.to)].metrics?.series ?? []).filter(({ at }) => at >= since.sentAt);
  const together = { ...total(points), p95Ms: usualP95(points) };
  if (together.requests >= minimumSamples) return together;
  return since.baseline && since.baseline.requests >= minimumSamples ? since.baseline : null;
}

/** The period in which the shift was made counts: before it, only people on the test listener can have asked this side. */
function pointsSince({ metrics }: Slot, sentAt: number): MetricPoint[] {
  return (metrics?.series ?? []).filter(({ at }) => at + (metrics?.periodSeconds ?? 0) * 1000 > sentAt);
}

/** As few of the newest points as have so many requests and periods with any. */
function newest(points: readonly MetricPoint[], requests: number, periods = 1): MetricPoint[] {
  const taken: MetricPoint[] = [];
  for (const point of points.toReversed()) {
    taken.unshift(point);
    if (total(taken).requests >= requests && taken.filter((each) => each.requests > 0).length >= periods) break;
  }
  return taken;
}

function total(points: readonly MetricPoint[]): { requests: number; errors: number; ownErrors: number } {
  const sum = (count: (point: MetricPoint) => number) => points.reduce((all, point) => all + count(point), 0);
  const requests = sum((point) => point.requests);
  const errors = Math.min(
    requests,
    sum((point) => point.errors),
  );
  return { requests, errors, ownErrors: sum((point) => point.loadBalancerErrors ?? 0) };
}

/** Percentiles of periods cannot be made one; weighed by their requests they come near it. */
function usualP95(points: readonly MetricPoint[]): number | null {
  const timed = points.flatMap(({ p95Ms, requests }) =>
    p95Ms === null || requests === 0 ? [] : [{ p95Ms, requests }],
  );
  const requests = timed.reduce((sum, point) => sum + point.requests, 0);
  return requests === 0 ? null : timed.reduce((sum, point) => sum + point.p95Ms * point.requests, 0) / requests;
}

function shareOf({ requests, errors }: { requests: number; errors: number }): number {
  return requests === 0 ? 0 : errors / requests;
}

/** By the lower end of Wilson's interval, which holds for few requests, too. */
function isSurelyAbove(counted: { requests: number; errors: number }, bound: number): boolean {
  const { requests: n } = counted;
  if (n === 0) return false;
  const share = shareOf(counted);
  const squared = CERTAINTY * CERTAINTY;
  const middle = share + squared / (2 * n);
  const spread = CERTAINTY * Math.sqrt((share * (1 - share)) / n + squared / (4 * n * n));
  return (middle - spread) / (1 + squared / n) > bound;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

function milliseconds(ms: number): string {
  return `${Number(ms.toFixed(ms < 10 ? 1 : 0))} ms`;
}
