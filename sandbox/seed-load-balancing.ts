import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { createCaller } from "./seed-caller.ts";
import { SEED_SECURITY_GROUPS, SEED_SUBNETS } from "./seed-network.ts";
import type { SimulatedService } from "./service.ts";

/** A target group's ARN and the weight it gets. */
interface WeightedGroup {
  arn: string;
  weight: number;
}

/** Target groups, load balancers, listeners and rules, made as a client would. */
export interface SeedLoadBalancing {
  targetGroup(
    name: string,
    port: number,
    targetType?: "ip" | "instance",
    addressType?: "ipv4" | "ipv6",
  ): Promise<string>;
  loadBalancer(name: string): Promise<string>;
  /** Its ARN. Its default action forwards to the groups; null answers 404, where rules decide. */
  listener(loadBalancerArn: string, port: number, groups: readonly WeightedGroup[] | null): Promise<string>;
  /** The ARN of a listener's default rule. */
  defaultRule(listenerArn: string): Promise<string>;
  /** A rule for every path, before the default one; its ARN. */
  rule(listenerArn: string, groups: readonly WeightedGroup[]): Promise<string>;
}

const NOT_FOUND: Elb.Action = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } };

/** Makes them by this load balancing service. */
export function seedLoadBalancing(elb: SimulatedService): SeedLoadBalancing {
  const call = createCaller();
  return {
    async targetGroup(name, port, targetType = "ip", addressType = "ipv4") {
      const input: Elb.CreateTargetGroupInput = {
        Name: name,
        Protocol: "HTTP",
        Port: port,
        VpcId: "vpc-0a1b2c3d4e5f60001",
        TargetType: targetType,
        IpAddressType: addressType,
        HealthCheckPath: "/actuator/health",
        HealthCheckIntervalSeconds: 5,
        HealthCheckTimeoutSeconds: 2,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 2,
        Matcher: { HttpCode: "200" },
      };
      const output = await call<Elb.CreateTargetGroupOutput>(elb, "CreateTargetGroup", input);
      const arn = output.TargetGroups?.[0]?.TargetGroupArn ?? "";
      // AWS's 300 s would make every replaced task stay for five minutes.
      const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "15" }];
      await call(elb, "ModifyTargetGroupAttributes", { TargetGroupArn: arn, Attributes });
      return arn;
    },

    async loadBalancer(name) {
      const input: Elb.CreateLoadBalancerInput = {
        Name: name,
        Subnets: SEED_SUBNETS,
        SecurityGroups: [SEED_SECURITY_GROUPS.loadBalancer],
        Scheme: "internet-facing",
        Type: "application",
      };
      const created = await call<Elb.CreateLoadBalancerOutput>(elb, "CreateLoadBalancer", input);
      return created.LoadBalancers?.[0]?.LoadBalancerArn ?? "";
    },

    async listener(loadBalancerArn, port, groups) {
      const input: Elb.CreateListenerInput = {
        LoadBalancerArn: loadBalancerArn,
        Protocol: "HTTP",
        Port: port,
        DefaultActions: [groups ? forwardTo(groups) : NOT_FOUND],
      };
      const { Listeners } = await call<Elb.CreateListenerOutput>(elb, "CreateListener", input);
      return Listeners?.[0]?.ListenerArn ?? "";
    },

    async defaultRule(listenerArn) {
      const { Rules } = await call<Elb.DescribeRulesOutput>(elb, "DescribeRules", { ListenerArn: listenerArn });
      return Rules?.at(-1)?.RuleArn ?? "";
    },

    async rule(listenerArn, groups) {
      const input: Elb.CreateRuleInput = {
        ListenerArn: listenerArn,
        Priority: 10,
        Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
        Actions: [forwardTo(groups)],
      };
      const { Rules } = await call<Elb.CreateRuleOutput>(elb, "CreateRule", input);
      return Rules?.[0]?.RuleArn ?? "";
    },
  };
}

function forwardTo(groups: readonly WeightedGroup[]): Elb.Action {
  const TargetGroups = groups.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight }));
  return { Type: "forward", ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: { Enabled: false } } };
}
