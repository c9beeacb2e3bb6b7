import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { say } from "../domain/sentence/sentence.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { createElbCalls } from "./elb-calls.ts";
import { createForwards, type ElbForwards } from "./elb-forwards.ts";
import {
  type ListenerReading,
  type LoadBalancerReading,
  missingRef,
  type RuleReading,
  toListenerReading,
  toRuleReading,
} from "./elb-readings.ts";
import { createTargetGroups, type ElbTargetGroups } from "./elb-target-groups.ts";
import { missingFailure } from "./errors.ts";

/** ELBv2 in our words, batched to the API's maxima. All its reads share one small budget. */
export interface Elb extends ElbForwards, ElbTargetGroups {
  describeRules(listenerArn: string, priority: Priority): Promise<RuleReading[]>;
  findLoadBalancer(nameOrArn: string, priority: Priority): Promise<LoadBalancerReading>;
  listListeners(loadBalancerArn: string, priority: Priority): Promise<ListenerReading[]>;
  getListener(listenerArn: string, priority: Priority): Promise<ListenerReading>;
}

/** ELBv2 through the SDK's client. */
export function createElb(client: ElasticLoadBalancingV2Client, call: Caller): Elb {
  const calls = createElbCalls(client, call);
  const { read } = calls;
  return {
    ...createForwards(calls),
    ...createTargetGroups(calls),

    async describeRules(listenerArn, priority) {
      const rules: RuleReading[] = [];
      let Marker: string | undefined;
      do {
        const output = await read("DescribeRules", priority, (abortSignal) =>
          client.send(new DescribeRulesCommand({ ListenerArn: listenerArn, Marker, PageSize: 400 }), { abortSignal }),
        );
        rules.push(...(output.Rules ?? []).map(toRuleReading));
        Marker = output.NextMarker;
      } while (Marker);
      return rules;
    },

    async findLoadBalancer(nameOrArn, priority) {
      const output = await read("DescribeLoadBalancers", priority, (abortSignal) =>
        client.send(
          new DescribeLoadBalancersCommand(
            nameOrArn.startsWith("arn:") ? { LoadBalancerArns: [nameOrArn] } : { Names: [nameOrArn] },
          ),
          { abortSignal },
        ),
      );
      const found = output.LoadBalancers?.[0];
      if (!found)
        throw missingFailure(
          "elasticloadbalancing",
          "DescribeLoadBalancers",
          "LoadBalancerNotFound",
          say("awsError.noLoadBalancer", { name: nameOrArn }),
        );
      return {
        arn: found.LoadBalancerArn ?? "",
        name: found.LoadBalancerName ?? "",
        dnsName: found.DNSName ?? "",
      };
    },

    async listListeners(loadBalancerArn, priority) {
      const output = await read("DescribeListeners", priority, (abortSignal) =>
        client.send(new DescribeListenersCommand({ LoadBalancerArn: loadBalancerArn, PageSize: 400 }), {
          abortSignal,
        }),
      );
      return (output.Listeners ?? []).map(toListenerReading);
    },

    async getListener(listenerArn, priority) {
      const output = await read("DescribeListeners", priority, (abortSignal) =>
        client.send(new DescribeListenersCommand({ ListenerArns: [listenerArn] }), { abortSignal }),
      );
      const found = output.Listeners?.[0];
      if (!found) throw missingRef("listener", listenerArn);
      return toListenerReading(found);
    },
  };
}
