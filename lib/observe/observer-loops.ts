import type { Priority } from "../aws/budget.ts";
import type { Application } from "../domain/application/application.ts";
import { ecsCallsOf, gatherEcs } from "../gather/gather-ecs.ts";
import { forwardCallsOf, forwardCompany, gatherForwards, gatherTargets, groupsOf } from "../gather/gather-elb.ts";
import { gatherMetrics, metricsCallsOf } from "../gather/gather-metrics.ts";
import { gatherRevisions, revisionCallsOf } from "../gather/gather-revisions.ts";
import { gatherScaling, hasCountMoved, scalingCallsOf } from "../gather/gather-scaling.ts";
import type { LoopContext } from "./loop-context.ts";
import { createSettingsLoop } from "./settings-loop.ts";
import { createSourceLoop, type Lane, type SourceLoop } from "./source-loop.ts";
import { createTargetHealthLoop, type LastLooks, type TargetHealthLoop } from "./target-health-loop.ts";

/** How often what changes slowly is read, ms. */
export interface LoopIntervals {
  metricsMs: () => number;
  revisionsMs: number;
  scalingMs: number;
}

/** One loop for each sort of question. */
export interface ObserverLoops {
  targets: TargetHealthLoop;
  /** What an observation is as old as: counts and weights. */
  fresh: readonly SourceLoop[];
  /** What the first observation waits for. */
  first: readonly SourceLoop[];
  /** With metrics, which come by the minute, and revisions: they make a look richer and hold none up. */
  all: readonly SourceLoop[];
}

/** What is watched or in flight, and the weights and counts of all others. What may wait asks at "idle". */
const priorityOf = (lane: Lane): Priority => (lane === "focus" ? "observer" : "fleet");
/** Weights of all in an overview are read at least this often, and more often while that takes no more than this part of the bucket. */
const OVERVIEW_MS = 10_000;
const OVERVIEW_SHARE = 0.1;
/** Each metric asked for costs money, so what nobody watches is asked for less often, and what is in flight more often. */
const METRICS_IDLE_PERIODS = 5;
const METRICS_LOOKS_A_PERIOD = 30;
const METRICS_LEAST_MS = 1000;
/** A deregistered revision or a deleted image of what nobody watches is told after this many turns of the watched. */
const REVISIONS_IDLE_TURNS = 10;
/** What scales a side that nobody watches may be told after this many turns of the watched. */
const SCALING_IDLE_TURNS = 5;

/** Makes them; none runs yet. */
export function createObserverLoops(
  context: LoopContext,
  looks: LastLooks,
  { metricsMs, revisionsMs, scalingMs }: LoopIntervals,
): ObserverLoops {
  const ecs = createEcsLoop(context, async (applications) => {
    if (applications.some(({ name }) => !targets.hasRead(name))) targets.wake();
    // Whether auto scaling changed a count is asked before anybody is told of the change.
    const moved = applications.filter((application) => hasCountMoved(application, context.facts));
    await gatherScaling(context.aws, moved, context.facts, { priority: "observer", now: context.now });
    await context.gathered(applications);
  });
  const elb = createForwardsLoop(context, (name, at) => targets.markRead(name, at));
  const targets: TargetHealthLoop = createTargetHealthLoop(context, looks, {
    hasCounts: ecs.hasRead,
    weightCallsPerSecond: elb.callsPerSecond,
  });
  const fresh = [ecs, elb];
  const first = [...fresh, targets, createSettingsLoop(context)];
  const slow = [createRevisionsLoop(context, revisionsMs), createScalingLoop(context, scalingMs)];
  const all = [...first, createMetricsLoop(context, metricsMs), ...slow];
  return { targets, fresh, first, all };
}

function createEcsLoop(context: LoopContext, gathered: LoopContext["gathered"]): SourceLoop {
  const { aws, facts, now, watchers } = context;
  return createSourceLoop({
    ...context,
    attentionOf: watchers.attentionOf,
    callsOf: (applications) => ecsCallsOf(applications, facts),
    perSecond: () => aws.budgets.rate("ecs-resource-read"),
    gather: (applications, lane) => gatherEcs(aws, applications, facts, { priority: priorityOf(lane), now }),
    gathered,
  });
}

/** Weights of all, which come by the hundred, and target health of what is watched or in flight. */
function createForwardsLoop(context: LoopContext, targetsRead: (name: string, at: number) => void): SourceLoop {
  const { aws, facts, now, fastMs, watchers } = context;
  const elbRate = () => aws.budgets.rate("elb-read");
  const focused = (applications: readonly Application[]) =>
    applications.filter(({ name }) => watchers.attentionOf(name) === "focus");
  return createSourceLoop({
    ...context,
    attentionOf: watchers.attentionOf,
    overviewMs() {
      const ms = (forwardCallsOf(context.applications()) / (elbRate() * OVERVIEW_SHARE)) * 1000;
      return Math.max(fastMs, Math.min(OVERVIEW_MS, ms));
    },
    callsOf: (applications) => forwardCallsOf(applications) + groupsOf(focused(applications)).size,
    perSecond: elbRate,
    companyOf: forwardCompany,
    async gather(applications, lane) {
      const how = { priority: priorityOf(lane), now };
      const watched = lane === "focus" ? focused(applications) : [];
      for (const { name } of watched) targetsRead(name, now());
      await Promise.all([
        gatherForwards(aws, applications, facts, how),
        gatherTargets(aws, groupsOf(watched), facts, how),
      ]);
    },
  });
}

function createMetricsLoop(context: LoopContext, metricsMs: () => number): SourceLoop {
  const { aws, facts, now, watchers } = context;
  return createSourceLoop({
    ...context,
    // What is in flight is rolled back by its figures, so that they are read soon after they are published.
    fastMs: () => Math.max(METRICS_LEAST_MS, metricsMs() / METRICS_LOOKS_A_PERIOD),
    overviewMs: metricsMs,
    attentionOf(name) {
      if (watchers.isInFlight(name)) return "focus";
      return watchers.isWatched(name) || watchers.isWatched("*") ? "overview" : "idle";
    },
    idleMs: () => METRICS_IDLE_PERIODS * metricsMs(),
    callsOf: metricsCallsOf,
    perSecond: () => aws.budgets.rate("cloudwatch-alarms"),
    gather: (applications, lane) => gatherMetrics(aws, applications, facts, { priority: priorityOf(lane), now }),
  });
}

/** What scales a side changes by a person's hand, and its alarms by the minute; it holds nothing up. */
function createScalingLoop(context: LoopContext, scalingMs: number): SourceLoop {
  const { aws, facts, now, watchers } = context;
  return createSourceLoop({
    ...context,
    attentionOf: watchers.attentionOf,
    fastMs: scalingMs,
    idleMs: SCALING_IDLE_TURNS * scalingMs,
    callsOf: (applications) => scalingCallsOf(applications, facts),
    perSecond: () => aws.budgets.rate("autoscaling-read"),
    gather: (applications, lane) => gatherScaling(aws, applications, facts, { priority: priorityOf(lane), now }),
  });
}

/** Whether a revision can be started changes seldom, and holds nothing up. */
function createRevisionsLoop(context: LoopContext, revisionsMs: number): SourceLoop {
  const { aws, facts, now, watchers } = context;
  return createSourceLoop({
    ...context,
    attentionOf: watchers.attentionOf,
    fastMs: revisionsMs,
    idleMs: REVISIONS_IDLE_TURNS * revisionsMs,
    gathered: () => undefined,
    callsOf: revisionCallsOf,
    perSecond: () => aws.budgets.rate("ecs-definition-read"),
    gather: (applications, lane) => gatherRevisions(aws, applications, facts, { priority: priorityOf(lane), now }),
  });
}
