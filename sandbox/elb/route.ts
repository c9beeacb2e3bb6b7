import type { IncomingMessage } from "node:http";
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { compileCondition } from "./condition-match.ts";
import type { ElbState, ListenerRecord, Route, RouteAction, TargetGroupRecord, WeightedGroup } from "./elb-state.ts";

/** A listener's compiled rules; authentication actions are passed through, as nobody could sign in here. */
export function routeOf(state: ElbState, listener: ListenerRecord): Route {
  listener.route ??= compileRoute(listener, (arn) => state.getTargetGroup(arn));
  return listener.route;
}

/** Makes a change that reads back at once; requests go by the route of before until the data plane has heard of it. */
export function changeRoute(state: ElbState, listener: ListenerRecord, lagMs: number, change: () => void): void {
  if (lagMs > 0) routeOf(state, listener);
  change();
  const follow = () => {
    listener.route = null;
  };
  if (lagMs > 0) state.base.clock.after(lagMs, follow);
  else follow();
}

/** How long the data plane takes for one change. */
export function drawLagMs({ base, dataPlaneLagMs }: ElbState): number {
  return dataPlaneLagMs > 0 ? Math.round(base.random() * dataPlaneLagMs) : 0;
}

function compileRoute(listener: ListenerRecord, getTargetGroup: (arn: string) => TargetGroupRecord): Route {
  return {
    rules: listener.rules.map((rule) => {
      const conditions = rule.conditions.map(compileCondition);
      return {
        matches: (request) => conditions.every((matches) => matches(request)),
        action: compileAction(rule.actions, getTargetGroup),
      };
    }),
    defaultAction: compileAction(listener.defaultRule.actions, getTargetGroup),
  };
}

/** The action for a request: the first rule that matches, else the default. */
export function selectAction(route: Route, request: IncomingMessage): RouteAction {
  for (const rule of route.rules) if (rule.matches(request)) return rule.action;
  return route.defaultAction;
}

/** The next group by weight, exact over any run of requests; null when every weight is 0. */
export function nextGroup(groups: WeightedGroup[]): TargetGroupRecord | null {
  const only = groups[0];
  if (groups.length === 1 && only) return only.weight > 0 ? only.group : null;
  let total = 0;
  let best: WeightedGroup | null = null;
  for (const entry of groups) {
    if (entry.weight === 0) continue;
    total += entry.weight;
    entry.credit += entry.weight;
    if (!best || entry.credit > best.credit) best = entry;
  }
  if (!best) return null;
  best.credit -= total;
  return best.group;
}

function compileAction(actions: readonly Action[], getTargetGroup: (arn: string) => TargetGroupRecord): RouteAction {
  const action = actions.at(-1);
  if (action?.FixedResponseConfig) return { kind: "fixed-response", config: action.FixedResponseConfig };
  if (action?.RedirectConfig) return { kind: "redirect", config: action.RedirectConfig };
  const stickiness = action?.ForwardConfig?.TargetGroupStickinessConfig;
  return {
    kind: "forward",
    groups: (action?.ForwardConfig?.TargetGroups ?? []).map((tuple) => ({
      group: getTargetGroup(tuple.TargetGroupArn ?? ""),
      weight: tuple.Weight ?? 1,
      credit: 0,
    })),
    stickySeconds: stickiness?.Enabled ? (stickiness.DurationSeconds ?? null) : null,
  };
}
