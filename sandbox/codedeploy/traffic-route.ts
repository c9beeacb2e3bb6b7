import type { TargetGroupPairInfo } from "@aws-sdk/client-codedeploy";
import type { CodedeployState } from "./codedeploy-state.ts";
import { CodedeployFailure } from "./failure.ts";

/** The listeners and the two target groups of a deployment group. */
export interface Route {
  readonly production: string;
  readonly test?: string;
  /** Name and ARN of each. */
  readonly groups: readonly { name: string; arn: string }[];
}

/** Reads what the deployment group says of its load balancer. @throws CodedeployFailure when a target group is gone */
export function readRoute(state: CodedeployState, pair: TargetGroupPairInfo | undefined): Route {
  const groups = (pair?.targetGroups ?? []).map(({ name = "" }) => {
    const arn = state.ports.findTargetGroup(name);
    if (arn === null)
      throw new CodedeployFailure(
        "ELASTIC_LOAD_BALANCING_INVALID",
        `The ELB could not be updated due to the following error: One or more target groups not found: ${name}`,
      );
    return { name, arn };
  });
  return {
    production: pair?.prodTrafficRoute?.listenerArns?.[0] ?? "",
    test: pair?.testTrafficRoute?.listenerArns?.[0],
    groups,
  };
}

/**
 * Refuses where the group of the primary task set is not what the production listener sends to: the listener was changed by
 * somebody else, or two of its rules disagree. Assumption: the error's code; its text is AWS's.
 * @throws CodedeployFailure
 */
export function checkListener(state: CodedeployState, route: Route, primaryGroupArn: string): void {
  const forwards = pairForwards(state, route, route.production);
  const isBehind = (groups: readonly { targetGroupArn: string; weight: number }[]) =>
    groups.filter(({ weight }) => weight > 0).every(({ targetGroupArn }) => targetGroupArn === primaryGroupArn) &&
    groups.some(({ weight }) => weight > 0);
  if (forwards.length > 0 && forwards.every(({ groups }) => isBehind(groups))) return;
  throw new CodedeployFailure(
    "ELASTIC_LOAD_BALANCING_INVALID",
    `The ELB could not be updated due to the following error: Primary taskset target group must be behind listener ${route.production}`,
  );
}

/**
 * Gives the pair these weights in the listener's default rule and in every other rule of it that forwards to the pair. The idle
 * group stays in the rule with weight 0.
 */
export function shiftListener(
  state: CodedeployState,
  route: Route,
  listener: string,
  { greenArn, percent }: { greenArn: string; percent: number },
): void {
  const blueArn = route.groups.find(({ arn }) => arn !== greenArn)?.arn ?? "";
  const lagMs = Math.round(state.base.random() * state.timings.dataPlaneLagMs);
  const forwards = pairForwards(state, route, listener);
  if (forwards.length === 0)
    throw new CodedeployFailure(
      "ELASTIC_LOAD_BALANCING_INVALID",
      `The ELB could not be updated due to the following error: No rule of listener ${listener} forwards to the target groups`,
    );
  for (const { rule } of forwards)
    state.ports.rules.writeForward(
      rule,
      [
        { targetGroupArn: greenArn, weight: percent },
        { targetGroupArn: blueArn, weight: 100 - percent },
      ],
      lagMs,
    );
}

function pairForwards(state: CodedeployState, route: Route, listener: string) {
  const arns = new Set(route.groups.map(({ arn }) => arn));
  return (state.ports.rules.rulesOfListener(listener) ?? []).flatMap((rule) => {
    const groups = state.ports.rules.readForward(rule) ?? [];
    return groups.some(({ targetGroupArn }) => arns.has(targetGroupArn)) ? [{ rule, groups }] : [];
  });
}
