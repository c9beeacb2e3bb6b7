import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../service.ts";
import { type ElbState, type LoadBalancerRecord, rulesOf, targetGroupArnsOf } from "./elb-state.ts";
import type { HealthChecker } from "./health-checker.ts";

const MAX_TARGET_GROUPS_PER_LOAD_BALANCER = 100;

/** Refuses actions whose groups serve another load balancer, or are too many for this one. */
export function assertAssociable(state: ElbState, loadBalancer: LoadBalancerRecord, actions: readonly Action[]): void {
  const arns = targetGroupArnsOf(actions);
  const taken = arns.filter((arn) => {
    const owner = state.getTargetGroup(arn).loadBalancer;
    return owner && owner !== loadBalancer;
  });
  if (taken.length > 0) {
    throw new AwsError(
      "TargetGroupAssociationLimit",
      `The following target groups cannot be associated with more than one load balancer: ${taken.join(", ")}`,
    );
  }
  const unique = new Set([...associatedArns(loadBalancer), ...arns]);
  if (unique.size > MAX_TARGET_GROUPS_PER_LOAD_BALANCER) {
    throw new AwsError(
      "TooManyUniqueTargetGroupsPerLoadBalancer",
      `The maximum number of unique target groups per load balancer is '${MAX_TARGET_GROUPS_PER_LOAD_BALANCER}'`,
    );
  }
}

/** Works out anew which groups a load balancer uses, after a change to its listeners or rules; checks begin in groups that come into use. */
export function associate(state: ElbState, health: HealthChecker, loadBalancer: LoadBalancerRecord): void {
  const used = associatedArns(loadBalancer);
  for (const group of state.targetGroups.values()) {
    const isUsed = used.has(group.arn);
    if (isUsed === (group.loadBalancer === loadBalancer)) continue;
    group.loadBalancer = isUsed ? loadBalancer : null;
    if (isUsed) health.restart(group);
  }
}

function associatedArns(loadBalancer: LoadBalancerRecord): Set<string> {
  const arns = new Set<string>();
  for (const listener of loadBalancer.listeners.values()) {
    for (const rule of rulesOf(listener)) for (const arn of targetGroupArnsOf(rule.actions)) arns.add(arn);
  }
  return arns;
}
