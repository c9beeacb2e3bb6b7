import type * as Aas from "@aws-sdk/client-application-auto-scaling";
import { randomUuid } from "../ecs/arns.ts";
import { type AutoscalingWorld, type Policy, readResourceId, type Target } from "./world.ts";

/** Minutes over the target before a service is scaled out, and under nine tenths of it before it is scaled in. */
const [HIGH_MINUTES, LOW_MINUTES] = [3, 15];
const LOW_SHARE = 0.9;

/** The two alarms that AWS makes for a policy of target tracking; none to scale in where that is off. */
export function putTrackingAlarms(world: AutoscalingWorld, target: Target, policy: Policy): void {
  const { tracking } = policy;
  if (!tracking) return;
  const name = (kind: string) => `TargetTracking-${target.resourceId}-${kind}-${randomUuid(world.base.random)}`;
  const put = (alarm: string, isHigh: boolean) =>
    world.ports.putAlarm({
      AlarmName: alarm,
      AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.arn}.`,
      ActionsEnabled: true,
      AlarmActions: [policy.arn],
      ...metricOf(target, tracking),
      Period: 60,
      EvaluationPeriods: isHigh ? HIGH_MINUTES : LOW_MINUTES,
      Threshold: (tracking.TargetValue ?? 0) * (isHigh ? 1 : LOW_SHARE),
      ComparisonOperator: isHigh ? "GreaterThanThreshold" : "LessThanThreshold",
    });
  policy.high ??= name("AlarmHigh");
  put(policy.high, true);
  if (tracking.DisableScaleIn) {
    if (policy.low) world.ports.deleteAlarm(policy.low);
    policy.low = null;
  } else {
    policy.low ??= name("AlarmLow");
    put(policy.low, false);
  }
}

/** Those that the policy made. */
export function deleteTrackingAlarms({ ports }: AutoscalingWorld, policy: Policy): void {
  for (const alarm of [policy.high, policy.low]) if (alarm) ports.deleteAlarm(alarm);
}

function metricOf({ resourceId }: Target, tracking: Aas.TargetTrackingScalingPolicyConfiguration) {
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } = tracking;
  if (customized) {
    const { Namespace, MetricName, Dimensions, Statistic, Unit } = customized;
    return { Namespace, MetricName, Dimensions, Statistic, ...(Unit ? { Unit } : {}) };
  }
  const { cluster, service } = readResourceId(resourceId);
  if (predefined?.PredefinedMetricType === "ALBRequestCountPerTarget") {
    const group = /targetgroup\/.*$/.exec(predefined.ResourceLabel ?? "")?.[0];
    return {
      Namespace: "AWS/ApplicationELB",
      MetricName: "RequestCountPerTarget",
      Dimensions: [{ Name: "TargetGroup", Value: group }],
      Statistic: "Sum",
    };
  }
  return {
    Namespace: "AWS/ECS",
    MetricName:
      predefined?.PredefinedMetricType === "ECSServiceAverageCPUUtilization" ? "CPUUtilization" : "MemoryUtilization",
    Dimensions: [
      { Name: "ClusterName", Value: cluster },
      { Name: "ServiceName", Value: service },
    ],
    Statistic: "Average",
  };
}
