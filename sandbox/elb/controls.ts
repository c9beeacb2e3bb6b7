import { associate } from "./associations.ts";
import type { ElbState, ListenerRecord, RuleRecord } from "./elb-state.ts";
import { assertRange, listenerNotFound, targetGroupNotFound } from "./errors.ts";
import type { HealthChecker } from "./health-checker.ts";
import type { TrafficCounts, TrafficSecond } from "./traffic-meter.ts";
import { replaceForward } from "./traffic-rules.ts";

/** Traffic of one listener or target group, with the time (epoch ms of sandbox time) of its last request. */
interface TrafficStats extends TrafficCounts {
  lastRequestAt: number | null;
}

/** Traffic of one target group and of each of its targets. */
interface TargetGroupStats extends TrafficStats {
  /** By `id:port`. */
  targets: Record<string, { state: string; requests: number; active: number; lastRequestAt: number | null }>;
}

/** The sandbox's own levers on the load balancers: no part of AWS's API. */
export interface ElbControls {
  /** "library-alb:80" to "http://127.0.0.1:8080". */
  listenerUrls(): Record<string, string>;
  /**
   * Changes a forward behind the API's back: `listener` is "name:port", a listener ARN or a rule ARN; the weights
   * replace the whole forward.
   */
  setWeights(listener: string, weightsByTargetGroupName: Record<string, number>): void;
  /** Names of the target groups that a listener (named as above) may forward to: its load balancer's, and those of none. */
  targetGroupsFor(listener: string): string[];
  /** Listeners by "name:port", target groups by name. */
  stats(): { listeners: Record<string, TrafficStats>; targetGroups: Record<string, TargetGroupStats> };
  /** Seconds with traffic of a target group (by name) in [fromMs, toMs), at most the last 15 minutes. */
  targetGroupSeconds(name: string, fromMs: number, toMs: number): TrafficSecond[];
  /** What a virtual target answers to health checks and requests; null is 200 again. */
  setVirtualHealth(id: string, status: number | "hang" | "refused" | null): void;
}

/** The levers on a world. */
export function createControls(state: ElbState, health: HealthChecker): ElbControls {
  const listeners = () => [...state.loadBalancers.values()].flatMap((one) => [...one.listeners.values()]);
  const findRule = (listener: string) =>
    listeners().find((one) => nameOf(one) === listener || one.arn === listener)?.defaultRule ??
    state.findRule(listener);
  return {
    listenerUrls: () => Object.fromEntries(listeners().map((one) => [nameOf(one), `http://127.0.0.1:${one.realPort}`])),

    setWeights(listener, weights) {
      const rule = findRule(listener);
      if (!rule) throw listenerNotFound(listener);
      replaceWeights(state, rule, weights);
      rule.listener.route = null;
      associate(state, health, rule.listener.loadBalancer);
    },

    targetGroupsFor(listener) {
      const owner = findRule(listener)?.listener.loadBalancer;
      return [...state.targetGroups.values()]
        .filter(({ loadBalancer }) => loadBalancer === null || loadBalancer === owner)
        .map(({ name }) => name);
    },

    stats: () => ({
      listeners: Object.fromEntries(
        listeners().map((one) => [nameOf(one), { ...one.meter.totals(), lastRequestAt: one.meter.lastRequestAt }]),
      ),
      targetGroups: Object.fromEntries(
        [...state.targetGroups.values()].map((group) => [
          group.name,
          {
            ...group.meter.totals(),
            lastRequestAt: group.meter.lastRequestAt,
            targets: Object.fromEntries(
              [...group.targets].map(([key, target]) => [
                key,
                {
                  state: health.report(target).state,
                  requests: target.requests,
                  active: target.connections?.active ?? 0,
                  lastRequestAt: target.lastRequestAt,
                },
              ]),
            ),
          },
        ]),
      ),
    }),

    targetGroupSeconds(name, fromMs, toMs) {
      const group = state.findTargetGroupByName(name);
      if (!group) throw targetGroupNotFound(name);
      return group.meter.seconds(fromMs, toMs);
    },

    setVirtualHealth(id, status) {
      if (status === null) state.virtualHealth.delete(id);
      else state.virtualHealth.set(id, status);
    },
  };
}

function nameOf(listener: ListenerRecord): string {
  return `${listener.loadBalancer.name}:${listener.port}`;
}

function replaceWeights(state: ElbState, rule: RuleRecord, weights: Readonly<Record<string, number>>): void {
  const groups = Object.entries(weights).map(([name, weight]) => {
    const group = state.findTargetGroupByName(name);
    if (!group) throw targetGroupNotFound(name);
    assertRange(weight, "weight", 0, 999);
    return { targetGroupArn: group.arn, weight };
  });
  replaceForward(state, rule, groups);
}
