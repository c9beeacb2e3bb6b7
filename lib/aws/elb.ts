import {
  type Action,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ListenerRef } from "../domain/application/application.ts";
import { TARGET_STATES } from "../domain/observation/slot.ts";
import type { ForwardGroup } from "../domain/observation/traffic.ts";
import { say } from "../domain/sentence/sentence.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { chunks } from "./chunks.ts";
import {
  type ActionList,
  type GroupAttributes,
  type GroupReading,
  type ListenerReading,
  type LoadBalancerReading,
  missingGroup,
  missingRef,
  type RuleReading,
  type TargetReading,
  toActionList,
  toHealthCheck,
  toListenerReading,
  toRuleReading,
} from "./elb-readings.ts";
import { AwsFailure, missingFailure } from "./errors.ts";
import { withWeights } from "./forward-action.ts";
import { forwardBatches } from "./forward-batches.ts";
import { readBatch } from "./read-batch.ts";

/** ELBv2 in our words, batched to the API's maxima. All its reads share one small budget. */
export interface Elb {
  /** What each listener or rule forwards to, by ARN; what is missing is a failure under its ARN. */
  describeForwards(
    refs: readonly Pick<ListenerRef, "arn" | "kind">[],
    priority: Priority,
  ): Promise<Map<string, ActionList | AwsFailure>>;
  describeTargetHealth(targetGroupArn: string, priority: Priority): Promise<TargetReading[]>;
  describeGroupAttributes(targetGroupArn: string, priority: Priority): Promise<GroupAttributes>;
  describeRules(listenerArn: string, priority: Priority): Promise<RuleReading[]>;
  findLoadBalancer(nameOrArn: string, priority: Priority): Promise<LoadBalancerReading>;
  listListeners(loadBalancerArn: string, priority: Priority): Promise<ListenerReading[]>;
  getListener(listenerArn: string, priority: Priority): Promise<ListenerReading>;
  /** Who uses each group and how it checks its targets, by ARN; what is missing is a failure under its ARN. */
  describeGroups(
    targetGroupArns: readonly string[],
    priority: Priority,
  ): Promise<Map<string, GroupReading | AwsFailure>>;
  /** ARNs by name. @throws AwsFailure when one does not exist. */
  findTargetGroups(names: readonly string[], priority: Priority): Promise<Map<string, string>>;
  /** Writes the list back with other weights and nothing else changed. Answers AWS's request id. */
  writeWeights(
    ref: Pick<ListenerRef, "arn" | "kind">,
    list: ActionList,
    weights: readonly ForwardGroup[],
    priority: Priority,
  ): Promise<{ requestId: string | null }>;
}

/** ELBv2's documented default, where a group's attributes do not say. */
const DEFAULT_DEREGISTRATION_DELAY_SECONDS = 300;
const ARNS_A_CALL = 20;
/** The API's maximum. */
const PAGE_SIZE = 400;

/** ELBv2 through the SDK's client. */
export function createElb(client: ElasticLoadBalancingV2Client, call: Caller): Elb {
  const read = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "elasticloadbalancing", operation, family: "elb-read", priority, effect: "read" }, send);
  const write = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "elasticloadbalancing", operation, family: "elb-modify", priority, effect: "write" }, send);

  async function readActions(kind: ListenerRef["kind"], arns: string[], priority: Priority) {
    const found = new Map<string, ActionList>();
    if (kind === "listener") {
      const output = await read("DescribeListeners", priority, (abortSignal) =>
        client.send(new DescribeListenersCommand({ ListenerArns: arns }), { abortSignal }),
      );
      for (const listener of output.Listeners ?? [])
        found.set(listener.ListenerArn ?? "", toActionList(listener.DefaultActions));
    } else {
      const output = await read("DescribeRules", priority, (abortSignal) =>
        client.send(new DescribeRulesCommand({ RuleArns: arns }), { abortSignal }),
      );
      for (const rule of output.Rules ?? []) found.set(rule.RuleArn ?? "", toActionList(rule.Actions));
    }
    return found;
  }

  /** All listeners of a load balancer, or all rules of a listener: what is not among them is missing. */
  async function readPlace(kind: ListenerRef["kind"], place: string, arns: readonly string[], priority: Priority) {
    const found = new Map<string, ActionList | AwsFailure>(arns.map((arn) => [arn, missingRef(kind, arn)]));
    const keep = (arn: string | undefined, actions: Action[] | undefined) => {
      if (arn !== undefined && found.has(arn)) found.set(arn, toActionList(actions));
    };
    try {
      let Marker: string | undefined;
      do {
        const page = { Marker, PageSize: PAGE_SIZE };
        if (kind === "listener") {
          const output = await read("DescribeListeners", priority, (abortSignal) =>
            client.send(new DescribeListenersCommand({ LoadBalancerArn: place, ...page }), { abortSignal }),
          );
          for (const listener of output.Listeners ?? []) keep(listener.ListenerArn, listener.DefaultActions);
          Marker = output.NextMarker;
        } else {
          const output = await read("DescribeRules", priority, (abortSignal) =>
            client.send(new DescribeRulesCommand({ ListenerArn: place, ...page }), { abortSignal }),
          );
          for (const rule of output.Rules ?? []) keep(rule.RuleArn, rule.Actions);
          Marker = output.NextMarker;
        }
      } while (Marker);
    } catch (error) {
      if (!(error instanceof AwsFailure)) throw error;
      for (const arn of arns) found.set(arn, error);
    }
    return found;
  }

  async function readGroups(arns: string[], priority: Priority) {
    const output = await read("DescribeTargetGroups", priority, (abortSignal) =>
      client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: arns }), { abortSignal }),
    );
    return new Map(
      (output.TargetGroups ?? []).map((group) => [
        group.TargetGroupArn ?? "",
        {
          healthCheck: toHealthCheck(group),
          targetType: group.TargetType ?? "instance",
          loadBalancerArns: group.LoadBalancerArns ?? [],
        },
      ]),
    );
  }

  async function readGroupNames(names: string[], priority: Priority) {
    const output = await read("DescribeTargetGroups", priority, (abortSignal) =>
      client.send(new DescribeTargetGroupsCommand({ Names: names }), { abortSignal }),
    );
    return new Map(
      (output.TargetGroups ?? []).map((group) => [group.TargetGroupName ?? "", group.TargetGroupArn ?? ""]),
    );
  }

  return {
    async describeForwards(refs, priority) {
      const batches = forwardBatches(refs).map(({ kind, place, arns }) =>
        place === null
          ? readBatch(
              arns,
              (part) => readActions(kind, part, priority),
              (arn) => missingRef(kind, arn),
            )
          : readPlace(kind, place, arns, priority),
      );
      return new Map((await Promise.all(batches)).flatMap((part) => [...part]));
    },

    async describeTargetHealth(targetGroupArn, priority) {
      const output = await read("DescribeTargetHealth", priority, (abortSignal) =>
        client.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }), { abortSignal }),
      );
      return (output.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) => ({
        id: Target?.Id ?? "",
        port: Target?.Port ?? 0,
        state: TARGET_STATES.find((state) => state === TargetHealth?.State) ?? "unavailable",
        ...(TargetHealth?.Reason ? { reason: TargetHealth.Reason } : {}),
        ...(TargetHealth?.Description ? { description: TargetHealth.Description } : {}),
      }));
    },

    async describeGroupAttributes(targetGroupArn, priority) {
      const output = await read("DescribeTargetGroupAttributes", priority, (abortSignal) =>
        client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn }), { abortSignal }),
      );
      const attributes = new Map((output.Attributes ?? []).map(({ Key, Value }) => [Key, Value]));
      const type = attributes.get("stickiness.type") ?? "lb_cookie";
      const seconds = Number(attributes.get(`stickiness.${type}.duration_seconds`) ?? 86_400);
      return {
        stickinessSeconds: attributes.get("stickiness.enabled") === "true" ? seconds : null,
        deregistrationDelaySeconds: Number(
          attributes.get("deregistration_delay.timeout_seconds") ?? DEFAULT_DEREGISTRATION_DELAY_SECONDS,
        ),
      };
    },

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

    async describeGroups(targetGroupArns, priority) {
      const batches = chunks([...new Set(targetGroupArns)], ARNS_A_CALL).map((arns) =>
        readBatch(arns, (part) => readGroups(part, priority), missingGroup),
      );
      return new Map((await Promise.all(batches)).flatMap((part) => [...part]));
    },

    async findTargetGroups(names, priority) {
      const found = new Map<string, string>();
      for (const part of chunks([...new Set(names)], ARNS_A_CALL))
        for (const [name, arn] of await readBatch(part, (some) => readGroupNames(some, priority), missingGroup)) {
          if (arn instanceof AwsFailure) throw arn.kind === "missing" ? missingGroup(name) : arn;
          found.set(name, arn);
        }
      return found;
    },

    async writeWeights(ref, list, weights, priority) {
      const actions = withWeights(list.actions, weights);
      if (!actions) throw missingRef(ref.kind, ref.arn);
      const output =
        ref.kind === "listener"
          ? await write("ModifyListener", priority, (abortSignal) =>
              client.send(new ModifyListenerCommand({ ListenerArn: ref.arn, DefaultActions: actions }), {
                abortSignal,
              }),
            )
          : await write("ModifyRule", priority, (abortSignal) =>
              client.send(new ModifyRuleCommand({ RuleArn: ref.arn, Actions: actions }), { abortSignal }),
            );
      return { requestId: output.$metadata.requestId ?? null };
    },
  };
}
