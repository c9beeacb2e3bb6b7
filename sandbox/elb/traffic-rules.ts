import type { TrafficRules, WeightedTargetGroup } from "../service.ts";
import { assertTargetStickiness, forwardAction } from "./actions.ts";
import { assertAssociable, associate } from "./associations.ts";
import { type ElbState, type RuleRecord, rulesOf } from "./elb-state.ts";
import { validationError } from "./errors.ts";
import type { HealthChecker } from "./health-checker.ts";
import { changeRoute } from "./route.ts";

/** Rules as ECS and CodeDeploy read and write them with their roles; nothing of it drains a client's throttling bucket. */
export function createTrafficRules(state: ElbState, health: HealthChecker): TrafficRules {
  return {
    readForward(ruleArn) {
      const rule = state.findRule(ruleArn);
      if (!rule) return null;
      const forward = rule.actions.find((action) => action.Type === "forward");
      return (forward?.ForwardConfig?.TargetGroups ?? []).map((tuple) => ({
        targetGroupArn: tuple.TargetGroupArn ?? "",
        weight: tuple.Weight ?? 1,
      }));
    },

    writeForward(ruleArn, groups, dataPlaneLagMs = 0) {
      const rule = state.getRule(ruleArn);
      changeRoute(state, rule.listener, dataPlaneLagMs, () => replaceForward(state, rule, groups));
      associate(state, health, rule.listener.loadBalancer);
    },

    rulesOfListener(listenerArn) {
      const listener = state.findListener(listenerArn);
      return listener ? rulesOf(listener).map((rule) => rule.arn) : null;
    },
  };
}

/** Gives a rule's forward other groups and weights; everything else of the rule, stickiness included, stays as it is. */
export function replaceForward(state: ElbState, rule: RuleRecord, groups: readonly WeightedTargetGroup[]): void {
  const before = rule.actions.find((action) => action.Type === "forward");
  if (!before || groups.length === 0)
    throw validationError("Only a forward with at least one target group can be given weights");
  const tuples = groups.map(({ targetGroupArn, weight }) => ({ TargetGroupArn: targetGroupArn, Weight: weight }));
  const forward = forwardAction({ ...before.ForwardConfig, TargetGroups: tuples }, before.Order);
  assertAssociable(state, rule.listener.loadBalancer, [forward]);
  const records = tuples.map((tuple) => state.getTargetGroup(tuple.TargetGroupArn));
  assertTargetStickiness(records, forward.ForwardConfig?.TargetGroupStickinessConfig?.Enabled === true);
  rule.actions = rule.actions.map((action) => (action === before ? forward : action));
}
