import type * as Aas from "@aws-sdk/client-application-auto-scaling";
import { randomUuid } from "../ecs/arns.ts";
import type { Handler } from "../service.ts";
import { deleteTrackingAlarms, putTrackingAlarms } from "./tracking-alarms.ts";
import {
  type AutoscalingWorld,
  checkDimension,
  DIMENSION,
  getTarget,
  invalid,
  notFound,
  type Policy,
  pageOf,
  readResourceId,
  type Target,
} from "./world.ts";

/** Operations on scaling policies. */
export function policyOperations(world: AutoscalingWorld): Readonly<Record<string, Handler>> {
  const { base, targets } = world;
  return {
    PutScalingPolicy(input: Aas.PutScalingPolicyRequest): Aas.PutScalingPolicyResponse {
      checkDimension(input);
      const { ResourceId: resourceId = "", PolicyName: name = "" } = input;
      readResourceId(resourceId);
      const target = getTarget(world, resourceId, "scalable target registered");
      if (/[|:/]/.test(name)) throw invalid("A policy's name cannot have |, : or / in it");
      const known = target.policies.get(name);
      const type = input.PolicyType ?? known?.type ?? "StepScaling";
      if (known && type !== known.type)
        throw invalid("The type of a scaling policy cannot be changed: delete it first");
      checkPolicy(type, input);
      const policy: Policy = known ?? {
        name,
        arn: `arn:aws:autoscaling:${base.place.region}:${base.place.accountId}:scalingPolicy:${randomUuid(base.random)}:resource/ecs/${resourceId}:policyName/${name}`,
        type,
        high: null,
        low: null,
        createdAt: base.clock.now(),
        scaledOutAt: 0,
        scaledInAt: 0,
      };
      Object.assign(policy, {
        step: input.StepScalingPolicyConfiguration,
        tracking: input.TargetTrackingScalingPolicyConfiguration,
        predictive: input.PredictiveScalingPolicyConfiguration,
      });
      target.policies.set(name, policy);
      if (policy.tracking) putTrackingAlarms(world, target, policy);
      return { PolicyARN: policy.arn, Alarms: alarmsOf(world, policy) };
    },

    DeleteScalingPolicy(input: Aas.DeleteScalingPolicyRequest): Aas.DeleteScalingPolicyResponse {
      checkDimension(input);
      const { ResourceId: resourceId = "", PolicyName: name = "" } = input;
      const policy = targets.get(resourceId)?.policies.get(name);
      const target = targets.get(resourceId);
      if (!policy || !target) throw notFound(`scaling policy found named: ${name}`, resourceId);
      removePolicy(world, target, policy);
      return {};
    },

    DescribeScalingPolicies(input: Aas.DescribeScalingPoliciesRequest): Aas.DescribeScalingPoliciesResponse {
      checkDimension(input);
      const found = [...targets.values()].flatMap((target) =>
        input.ResourceId === undefined || input.ResourceId === target.resourceId
          ? [...target.policies.values()]
              .filter(({ name }) => input.PolicyNames?.includes(name) ?? true)
              .map((policy) => ({ target, policy }))
          : [],
      );
      const { page, NextToken } = pageOf(found, input);
      return {
        ScalingPolicies: page.map(({ target, policy }) => ({
          PolicyARN: policy.arn,
          PolicyName: policy.name,
          ServiceNamespace: "ecs",
          ResourceId: target.resourceId,
          ScalableDimension: DIMENSION,
          PolicyType: policy.type,
          StepScalingPolicyConfiguration: policy.step,
          TargetTrackingScalingPolicyConfiguration: policy.tracking,
          PredictiveScalingPolicyConfiguration: policy.predictive,
          Alarms: alarmsOf(world, policy),
          CreationTime: new Date(policy.createdAt),
        })),
        NextToken,
      };
    },

    DescribeScalingActivities(input: Aas.DescribeScalingActivitiesRequest): Aas.DescribeScalingActivitiesResponse {
      checkDimension(input);
      const found = world.activities.filter(
        (activity) =>
          (input.ResourceId === undefined || activity.ResourceId === input.ResourceId) &&
          (input.IncludeNotScaledActivities === true || activity.NotScaledReasons === undefined),
      );
      const { page, NextToken } = pageOf(found, input);
      return { ScalingActivities: page, NextToken };
    },
  };
}

function checkPolicy(type: Aas.PolicyType, input: Aas.PutScalingPolicyRequest): void {
  const { StepScalingPolicyConfiguration: step, TargetTrackingScalingPolicyConfiguration: tracking } = input;
  if (type === "StepScaling") {
    checkStep(step);
    return;
  }
  if (type === "PredictiveScaling") {
    if (!input.PredictiveScalingPolicyConfiguration)
      throw invalid("PredictiveScalingPolicyConfiguration is required for PolicyType PredictiveScaling");
    return;
  }
  if (!tracking)
    throw invalid("TargetTrackingScalingPolicyConfiguration is required for PolicyType TargetTrackingScaling");
  const { PredefinedMetricSpecification: predefined, CustomizedMetricSpecification: customized } = tracking;
  if ((predefined === undefined) === (customized === undefined))
    throw invalid("Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified");
  if ((tracking.TargetValue ?? 0) <= 0) throw invalid("TargetValue must be greater than 0");
  const metric = predefined?.PredefinedMetricType;
  const label = predefined?.ResourceLabel;
  if (metric !== undefined && !/^(?:ECSServiceAverage(?:CPU|Memory)Utilization|ALBRequestCountPerTarget)$/.test(metric))
    throw invalid(`Predefined metric type ${metric} is not supported for service namespace ecs`);
  const isLabel = /^app\/[^/]+\/[0-9a-f]{16}\/targetgroup\/[^/]+\/[0-9a-f]{16}$/.test(label ?? "");
  if (metric === "ALBRequestCountPerTarget" && !isLabel)
    throw invalid(
      `Resource label ${label ?? "null"} is not valid: app/<name>/<id>/targetgroup/<name>/<id> is expected`,
    );
  if (metric !== undefined && metric !== "ALBRequestCountPerTarget" && label !== undefined)
    throw invalid("Resource label cannot be specified for this predefined metric type");
}

function alarmsOf({ ports }: AutoscalingWorld, policy: Policy): Aas.Alarm[] {
  return ports
    .listAlarms()
    .filter(({ actions }) => actions.includes(policy.arn))
    .map(({ name, arn }) => ({ AlarmName: name, AlarmARN: arn }));
}

function checkStep(step: Aas.StepScalingPolicyConfiguration | undefined): void {
  if (!step) throw invalid("StepScalingPolicyConfiguration is required for PolicyType StepScaling");
  if (!step.AdjustmentType) throw invalid("AdjustmentType must be specified");
  const adjustments = step.StepAdjustments ?? [];
  if (adjustments.length === 0) throw invalid("At least one StepAdjustment must be specified");
  if (step.MinAdjustmentMagnitude !== undefined && step.AdjustmentType !== "PercentChangeInCapacity")
    throw invalid("MinAdjustmentMagnitude can only be specified for AdjustmentType PercentChangeInCapacity");
  for (const { MetricIntervalLowerBound: low, MetricIntervalUpperBound: high } of adjustments) {
    if (low === undefined && high === undefined)
      throw invalid("At least one of MetricIntervalLowerBound and MetricIntervalUpperBound must be specified");
    if (low !== undefined && high !== undefined && low >= high)
      throw invalid("MetricIntervalUpperBound must be greater than MetricIntervalLowerBound");
  }
}

/** With the alarms that it made; those that people made stay. */
export function removePolicy(world: AutoscalingWorld, target: Target, policy: Policy): void {
  deleteTrackingAlarms(world, policy);
  target.policies.delete(policy.name);
}
