import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ListenerRef } from "../domain/application/application.ts";
import type { ForwardGroup } from "../domain/observation/traffic.ts";
import type { Priority } from "./budget.ts";
import type { ElbCalls } from "./elb-calls.ts";
import { type ActionList, missingRef, toActionList } from "./elb-readings.ts";
import { AwsFailure } from "./errors.ts";
import { withWeights } from "./forward-action.ts";
import { forwardBatches } from "./forward-batches.ts";
import { readBatch } from "./read-batch.ts";

/** The API's maximum. */
const PAGE_SIZE = 400;

/** The actions of listeners and rules. */
export interface ElbForwards {
  /** What each listener or rule forwards to, by ARN; what is missing is a failure under its ARN. */
  describeForwards(
    refs: readonly Pick<ListenerRef, "arn" | "kind">[],
    priority: Priority,
  ): Promise<Map<string, ActionList | AwsFailure>>;
  /** Writes the list back with other weights and nothing else changed. Answers AWS's request id. */
  writeWeights(
    ref: Pick<ListenerRef, "arn" | "kind">,
    list: ActionList,
    weights: readonly ForwardGroup[],
    priority: Priority,
  ): Promise<{ requestId: string | null }>;
}

/** What listeners and rules forward to, read and written. */
export function createForwards(calls: ElbCalls): ElbForwards {
  const { client, write } = calls;
  return {
    async describeForwards(refs, priority) {
      const batches = forwardBatches(refs).map(({ kind, place, arns }) =>
        place === null
          ? readBatch(
              arns,
              (part) => readActions(calls, kind, part, priority),
              (arn) => missingRef(kind, arn),
            )
          : readPlace(calls, kind, place, arns, priority),
      );
      return new Map((await Promise.all(batches)).flatMap((part) => [...part]));
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

async function readActions({ client, read }: ElbCalls, kind: ListenerRef["kind"], arns: string[], priority: Priority) {
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
async function readPlace(
  { client, read }: ElbCalls,
  kind: ListenerRef["kind"],
  place: string,
  arns: readonly string[],
  priority: Priority,
) {
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
