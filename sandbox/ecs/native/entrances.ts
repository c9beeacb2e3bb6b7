import type { LoadBalancer } from "@aws-sdk/client-ecs";
import { DeploymentFailed } from "../../script.ts";
import type { TrafficRules } from "../../service.ts";
import { servedLoadBalancers } from "../look-ups.ts";
import type { Deployment } from "../world.ts";

/** A load balancer of a service as ECS moves traffic on it. */
export interface Entrance {
  readonly targetGroupArn: string;
  readonly alternateTargetGroupArn: string;
  readonly productionRule: string;
  readonly testRule?: string;
}

/** Two target groups of one entrance: the one that serves a deployment, and its counterpart. */
export interface Sides {
  serving: string;
  other: string;
}

const INVALID = "Service deployment rolled back because of invalid networking configuration";

/** The load balancers on which ECS moves traffic. */
export function entrancesOf(loadBalancers: readonly LoadBalancer[]): Entrance[] {
  return loadBalancers.flatMap(({ targetGroupArn = "", advancedConfiguration }) => {
    const { alternateTargetGroupArn, productionListenerRule, testListenerRule } = advancedConfiguration ?? {};
    if (!alternateTargetGroupArn || !productionListenerRule) return [];
    return [
      { targetGroupArn, alternateTargetGroupArn, productionRule: productionListenerRule, testRule: testListenerRule },
    ];
  });
}

/** Which group of the entrance a deployment's tasks are in. */
export function sidesOf(entrance: Entrance, deployment: Deployment): Sides {
  const groups = servedLoadBalancers(deployment.revision).map((one) => one.targetGroupArn);
  return groups.includes(entrance.alternateTargetGroupArn)
    ? { serving: entrance.alternateTargetGroupArn, other: entrance.targetGroupArn }
    : { serving: entrance.targetGroupArn, other: entrance.alternateTargetGroupArn };
}

/**
 * ECS moves traffic with the service's infrastructure role. Assumption: it finds out before it scales up.
 * @throws DeploymentFailed with AWS's text
 */
export function checkInfrastructureRole(
  mayRole: ((roleArn: string, action: string, resource: string) => boolean) | undefined,
  loadBalancers: readonly LoadBalancer[],
): void {
  for (const { advancedConfiguration } of loadBalancers) {
    const { roleArn = "", productionListenerRule = "" } = advancedConfiguration ?? {};
    if (!mayRole || mayRole(roleArn, "elasticloadbalancing:ModifyRule", productionListenerRule)) continue;
    throw new DeploymentFailed(
      `${INVALID}. ECS was unable to manage the ELB resources due to missing permissions on ECS Infrastructure Role '${roleArn}'`,
    );
  }
}

/**
 * Reads the production rule to find the live group, and answers the load balancers with the other one, which is where the new
 * revision goes: whatever the service says of itself does not count.
 * @throws DeploymentFailed with AWS's texts.
 */
export function resolveLoadBalancers(rules: TrafficRules, loadBalancers: readonly LoadBalancer[]): LoadBalancer[] {
  return loadBalancers.map((loadBalancer) => {
    const [entrance] = entrancesOf([loadBalancer]);
    if (!entrance) return loadBalancer;
    const live = findLiveGroup(rules, entrance);
    const { targetGroupArn, alternateTargetGroupArn } = entrance;
    return { ...loadBalancer, targetGroupArn: live === targetGroupArn ? alternateTargetGroupArn : targetGroupArn };
  });
}

/**
 * The load balancers with the group that serves, which is where a rolling deployment goes. Assumption: what AWS does when such
 * a service is given the rolling strategy could not be found out. Null where nothing was moved.
 */
export function liveLoadBalancers(rules: TrafficRules, loadBalancers: readonly LoadBalancer[]): LoadBalancer[] | null {
  if (entrancesOf(loadBalancers).length === 0) return null;
  return loadBalancers.map((loadBalancer) => {
    const [entrance] = entrancesOf([loadBalancer]);
    const live = entrance && rules.readForward(entrance.productionRule)?.find(({ weight }) => weight > 0);
    const isAlternate = live !== undefined && live.targetGroupArn === entrance?.alternateTargetGroupArn;
    return isAlternate ? { ...loadBalancer, targetGroupArn: live.targetGroupArn } : loadBalancer;
  });
}

function findLiveGroup(rules: TrafficRules, entrance: Entrance): string {
  const { targetGroupArn, alternateTargetGroupArn, productionRule, testRule } = entrance;
  const production = rules.readForward(productionRule);
  const test = testRule === undefined ? [] : rules.readForward(testRule);
  if (!production || !test) throw new DeploymentFailed(`${INVALID}. One or more rules not found`);
  const serving = production.filter(({ weight }) => weight > 0);
  const [live] = serving;
  if (!live || serving.length > 1)
    throw new DeploymentFailed(
      `${INVALID}. productionListenerRule ${productionRule} should have exactly one target group serving traffic but found ${serving.length} target groups which are serving traffic`,
    );
  if (live.targetGroupArn !== targetGroupArn && live.targetGroupArn !== alternateTargetGroupArn)
    throw new DeploymentFailed(
      `${INVALID}. Production listener rule is forwarding traffic to unexpected target group ${live.targetGroupArn}. Expected production listener rule ${productionRule} to forward traffic to either targetGroupArn: ${targetGroupArn} or alternateTargetGroupArn: ${alternateTargetGroupArn}`,
    );
  const associated = new Set([...production, ...test].map((one) => one.targetGroupArn));
  const missing = [targetGroupArn, alternateTargetGroupArn].find((arn) => !associated.has(arn));
  // Assumption: AWS has two texts for this; which of them it uses when could not be found out.
  if (missing !== undefined && testRule !== undefined)
    throw new DeploymentFailed(
      `${INVALID}: Target group ${missing} is not associated with either productionListenerRule or testListenerRule.`,
    );
  if (missing !== undefined)
    throw new DeploymentFailed(
      `${INVALID}. Both targetGroup and alternateTargetGroup must be associated with the productionListenerRule or testListenerRule.`,
    );
  return live.targetGroupArn;
}

/**
 * Percent as the weights of a rule: 100 and 0, which people have seen. Assumption: tenths of a percent are written as parts of
 * 1000, as a rule takes whole numbers up to 999.
 */
export function weightsOf(percent: number): { serving: number; other: number } {
  if (Number.isInteger(percent)) return { serving: percent, other: 100 - percent };
  const tenths = Math.min(999, Math.max(1, Math.round(percent * 10)));
  return { serving: tenths, other: 1000 - tenths };
}
