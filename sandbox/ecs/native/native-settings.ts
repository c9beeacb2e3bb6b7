import type { DeploymentConfiguration, DeploymentLifecycleHook, LoadBalancer } from "@aws-sdk/client-ecs";
import type { TrafficRules } from "../../service.ts";
import { invalidParameter } from "../arns.ts";
import { isNativeStrategy } from "../deployments.ts";

const PAUSE_STAGES: ReadonlySet<string> = new Set([
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "POST_SCALE_UP",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
]);
const HOOK_TYPES: readonly (string | undefined)[] = ["AWS_LAMBDA", "PAUSE"];
const MAX_HOOKS_OF_A_TYPE = 10;
const MAX_BAKE_MINUTES = 1440;
const LONGEST_HOOK_MINUTES = { PAUSE: 20_160, AWS_LAMBDA: 1440 };

/**
 * The configuration of a blue/green, linear or canary service with AWS's defaults. Assumption: the words of refusals that
 * nobody has posted.
 * @throws InvalidParameterException
 */
export function completeNativeConfiguration(configuration: DeploymentConfiguration): DeploymentConfiguration {
  const { strategy, bakeTimeInMinutes, linearConfiguration, canaryConfiguration, lifecycleHooks } = configuration;
  if (strategy === "BLUE_GREEN" && bakeTimeInMinutes === undefined)
    throw invalidParameter("bakeTimeInMinutes is required when using the BLUE_GREEN deployment strategy");
  const complete: DeploymentConfiguration = {
    ...configuration,
    bakeTimeInMinutes: minutes("bakeTimeInMinutes", bakeTimeInMinutes ?? 0, 0, MAX_BAKE_MINUTES),
    lifecycleHooks: checkHooks(lifecycleHooks ?? []),
  };
  if (strategy === "CANARY") {
    const { canaryPercent = 5, canaryBakeTimeInMinutes = 10 } = canaryConfiguration ?? {};
    complete.canaryConfiguration = {
      canaryPercent: percent("canaryPercent", canaryPercent, 0.1),
      canaryBakeTimeInMinutes: minutes("canaryBakeTimeInMinutes", canaryBakeTimeInMinutes, 0, MAX_BAKE_MINUTES),
    };
  }
  if (strategy === "LINEAR") {
    const { stepPercent = 10, stepBakeTimeInMinutes = 6 } = linearConfiguration ?? {};
    complete.linearConfiguration = {
      stepPercent: percent("stepPercent", stepPercent, 3),
      stepBakeTimeInMinutes: minutes("stepBakeTimeInMinutes", stepBakeTimeInMinutes, 0, MAX_BAKE_MINUTES),
    };
  }
  return complete;
}

function percent(name: string, value: number, least: number): number {
  const isInTenths = Math.abs(value * 10 - Math.round(value * 10)) < 1e-9;
  if (value >= least && value <= 100 && isInTenths) return value;
  throw invalidParameter(`${name} must be between ${least} and 100 in multiples of 0.1. Got: ${value}`);
}

function minutes(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidParameter(`${name} must be between ${least} and ${most}. Got: ${value}`);
}

function checkHooks(hooks: DeploymentLifecycleHook[]): DeploymentLifecycleHook[] {
  for (const hook of hooks) checkHook(hook);
  for (const type of HOOK_TYPES) {
    const count = hooks.filter((hook) => (hook.targetType ?? "AWS_LAMBDA") === type).length;
    if (count > MAX_HOOKS_OF_A_TYPE)
      throw invalidParameter(`A service can have at most ${MAX_HOOKS_OF_A_TYPE} lifecycle hooks of the type ${type}.`);
  }
  return hooks;
}

function checkHook({ targetType = "AWS_LAMBDA", ...hook }: DeploymentLifecycleHook): void {
  if (!HOOK_TYPES.includes(targetType))
    throw invalidParameter("Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE");
  const { lifecycleStages = [], hookTargetArn, roleArn, timeoutConfiguration } = hook;
  if (lifecycleStages.length === 0) throw invalidParameter("lifecycleStages is required for a lifecycle hook.");
  if (targetType === "PAUSE" && lifecycleStages.some((stage) => !PAUSE_STAGES.has(stage)))
    throw invalidParameter("Invalid lifecycle stage provided for Pause Hook");
  if (targetType === "PAUSE" && (hookTargetArn !== undefined || roleArn !== undefined))
    throw invalidParameter("hookTargetArn and roleArn are not allowed for PAUSE hooks.");
  if (targetType === "AWS_LAMBDA" && !/^arn:aws[\w-]*:lambda:/.test(hookTargetArn ?? ""))
    throw invalidParameter(`Invalid hookTargetArn: ${hookTargetArn}`);
  if (targetType === "AWS_LAMBDA" && !roleArn) throw invalidParameter("roleArn is required for AWS_LAMBDA hooks.");
  const { timeoutInMinutes } = timeoutConfiguration ?? {};
  if (timeoutInMinutes !== undefined)
    minutes("timeoutInMinutes", timeoutInMinutes, 1, LONGEST_HOOK_MINUTES[targetType]);
}

/** Traffic cannot be moved on a Classic Load Balancer. @throws InvalidParameterException with AWS's text */
export function refuseClassic(loadBalancers: readonly LoadBalancer[]): void {
  if (loadBalancers.some((one) => one.loadBalancerName !== undefined && one.advancedConfiguration !== undefined))
    throw invalidParameter("advancedConfiguration field is not allowed with ELBv1 loadBalancers");
}

/** Refuses load balancers on which the strategy could not move traffic. @throws InvalidParameterException with AWS's texts */
export function checkNativeLoadBalancers(
  rules: TrafficRules,
  loadBalancers: readonly LoadBalancer[],
  configuration: DeploymentConfiguration,
): void {
  const advanced = loadBalancers.filter((one) => one.advancedConfiguration !== undefined);
  if (advanced.length > 0 && advanced.length < loadBalancers.length)
    throw invalidParameter("Either all or none of the provided loadBalancers must have advancedConfiguration defined");
  if (isNativeStrategy(configuration) && advanced.length < loadBalancers.length)
    throw invalidParameter(
      "advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy",
    );
  checkDistinct(advanced);
  for (const loadBalancer of advanced) checkRules(rules, loadBalancer);
}

function checkDistinct(loadBalancers: readonly LoadBalancer[]): void {
  const groups = new Set<string | undefined>();
  for (const { targetGroupArn, advancedConfiguration } of loadBalancers)
    for (const arn of [targetGroupArn, advancedConfiguration?.alternateTargetGroupArn]) {
      if (groups.has(arn)) throw invalidParameter(`Duplicate targetGroupArn found: ${arn}`);
      groups.add(arn);
    }
  const production = new Set(loadBalancers.map((one) => one.advancedConfiguration?.productionListenerRule));
  const both = loadBalancers
    .flatMap((one) => one.advancedConfiguration?.testListenerRule ?? [])
    .filter((rule) => production.has(rule));
  if (both.length > 0)
    throw invalidParameter(
      `The following rules cannot be used as both production and test listener rules: [${both.join(", ")}]`,
    );
}

function checkRules(rules: TrafficRules, { targetGroupArn, advancedConfiguration }: LoadBalancer): void {
  const { alternateTargetGroupArn, productionListenerRule, testListenerRule, roleArn } = advancedConfiguration ?? {};
  if (!alternateTargetGroupArn || !productionListenerRule || !roleArn)
    throw invalidParameter("alternateTargetGroupArn, productionListenerRule and roleArn are required.");
  // The sandbox has application load balancers only.
  for (const [name, arn] of Object.entries({ productionListenerRule, testListenerRule }))
    if (arn !== undefined && !/^arn:aws[\w-]*:elasticloadbalancing:[^:]*:[^:]*:listener-rule\/app\/.+/.test(arn))
      throw invalidParameter(
        `${name} has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ${arn}`,
      );
  const groups = rules.readForward(productionListenerRule)?.map((one) => one.targetGroupArn);
  // A rule that is gone is found out about when the deployment runs.
  if (testListenerRule !== undefined || !groups) return;
  if (!groups.includes(targetGroupArn ?? "") || !groups.includes(alternateTargetGroupArn))
    throw invalidParameter(
      "For Application LoadBalancer, testListenerRule is required when productionListenerRule is not associated with both targetGroup and alternateTargetGroup",
    );
}
