import {
  type ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  DescribeScheduledActionsCommand,
  RegisterScalableTargetCommand,
  type ScalableTarget,
  type ScalingPolicy as SdkPolicy,
} from "@aws-sdk/client-application-auto-scaling";
import type { ScalingPolicy, ScheduledScaling, SideScaling } from "../domain/observation/side-scaling.ts";
import type { Priority } from "./budget.ts";
import type { Caller } from "./caller.ts";
import { chunks } from "./chunks.ts";
import { everyPage } from "./networks.ts";

/** A service that auto scaling may scale, as far as one call tells. */
export type ScalableTargetReading = Pick<
  SideScaling,
  "minimum" | "maximum" | "isScaleInSuspended" | "isScheduleSuspended"
>;

/** What scales one service, and the newest count that was set. A policy's alarm is known by its name alone. */
interface ScalingDetails {
  policies: (Omit<ScalingPolicy, "alarm"> & { alarmName: string | null })[];
  scheduled: ScheduledScaling[];
  newest: SideScaling["newest"];
}

/** Application Auto Scaling in our words. Services are named by their resource ids, "service/cluster/name". */
export interface Scaling {
  /** Those of these services that are scaled, in one call for each 50. */
  describeTargets(resourceIds: readonly string[], priority: Priority): Promise<Map<string, ScalableTargetReading>>;
  describeDetails(resourceId: string, priority: Priority): Promise<ScalingDetails>;
  /** Whether policies may take tasks away; everything else of the scalable target stays as it is. Answers AWS's request id. */
  suspendScaleIn(resourceId: string, isSuspended: boolean): Promise<string | null>;
}

/** ECS's only dimension, which every call names. */
const ECS = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;
/** The API's maximum for ids and for a page. */
const IDS_A_CALL = 50;
/** Enough that the newest change of the count is among them: activities that changed bounds alone come between. */
const ACTIVITIES = 10;

/** The resource id of a service. */
export function resourceIdOf(cluster: string, service: string): string {
  return `service/${cluster}/${service}`;
}

/** Application Auto Scaling through the SDK's client. */
export function createScaling(client: ApplicationAutoScalingClient, call: Caller): Scaling {
  const read = <T>(operation: string, priority: Priority, send: (signal: AbortSignal) => Promise<T>) =>
    call({ service: "application-autoscaling", operation, family: "autoscaling-read", priority, effect: "read" }, send);

  return {
    async describeTargets(resourceIds, priority) {
      const pages = await Promise.all(
        chunks([...new Set(resourceIds)], IDS_A_CALL).map((ResourceIds) =>
          everyPage(async (NextToken) => {
            const output = await read("DescribeScalableTargets", priority, (abortSignal) =>
              client.send(new DescribeScalableTargetsCommand({ ...ECS, ResourceIds, NextToken }), { abortSignal }),
            );
            return { items: output.ScalableTargets ?? [], next: output.NextToken };
          }),
        ),
      );
      return new Map(pages.flat().map((target) => [target.ResourceId ?? "", toTarget(target)]));
    },

    async describeDetails(ResourceId, priority) {
      const [policies, scheduled, { ScalingActivities = [] }] = await Promise.all([
        everyPage(async (NextToken) => {
          const output = await read("DescribeScalingPolicies", priority, (abortSignal) =>
            client.send(new DescribeScalingPoliciesCommand({ ...ECS, ResourceId, NextToken }), { abortSignal }),
          );
          return { items: output.ScalingPolicies ?? [], next: output.NextToken };
        }),
        everyPage(async (NextToken) => {
          const output = await read("DescribeScheduledActions", priority, (abortSignal) =>
            client.send(new DescribeScheduledActionsCommand({ ...ECS, ResourceId, NextToken }), { abortSignal }),
          );
          return { items: output.ScheduledActions ?? [], next: output.NextToken };
        }),
        read("DescribeScalingActivities", priority, (abortSignal) =>
          client.send(new DescribeScalingActivitiesCommand({ ...ECS, ResourceId, MaxResults: ACTIVITIES }), {
            abortSignal,
          }),
        ),
      ]);
      const counts = ScalingActivities.filter(({ StatusCode }) => StatusCode !== "Failed").flatMap((activity) => {
        const count = /desired count to (\d+)/.exec(activity.Description ?? "")?.[1];
        const at = (activity.EndTime ?? activity.StartTime)?.getTime();
        return count !== undefined && at !== undefined ? [{ count: Number(count), at }] : [];
      });
      return {
        policies: policies.map(toPolicy),
        scheduled: scheduled.map((action) => ({
          name: action.ScheduledActionName ?? "",
          schedule: action.Schedule ?? "",
          timezone: action.Timezone ?? "UTC",
          minimum: action.ScalableTargetAction?.MinCapacity ?? null,
          maximum: action.ScalableTargetAction?.MaxCapacity ?? null,
          startsAt: action.StartTime?.getTime() ?? null,
          endsAt: action.EndTime?.getTime() ?? null,
        })),
        newest: counts.toSorted((a, b) => b.at - a.at)[0] ?? null,
      };
    },

    async suspendScaleIn(ResourceId, isSuspended) {
      // The two others are left out, so that what somebody else suspends in this moment stays suspended.
      const SuspendedState = { DynamicScalingInSuspended: isSuspended };
      const output = await call(
        {
          service: "application-autoscaling",
          operation: "RegisterScalableTarget",
          family: "autoscaling-modify",
          priority: "write",
          effect: "write",
        },
        (abortSignal) =>
          client.send(new RegisterScalableTargetCommand({ ...ECS, ResourceId, SuspendedState }), { abortSignal }),
      );
      return output.$metadata.requestId ?? null;
    },
  };
}

function toTarget({ MinCapacity = 0, MaxCapacity = 0, SuspendedState }: ScalableTarget): ScalableTargetReading {
  return {
    minimum: MinCapacity,
    maximum: MaxCapacity,
    isScaleInSuspended: SuspendedState?.DynamicScalingInSuspended ?? false,
    isScheduleSuspended: SuspendedState?.ScheduledScalingSuspended ?? false,
  };
}

function toPolicy(policy: SdkPolicy): ScalingDetails["policies"][number] {
  const { PolicyName: name = "", TargetTrackingScalingPolicyConfiguration: tracking } = policy;
  const alarms = (policy.Alarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []);
  if (tracking)
    return {
      name,
      kind: "target-tracking",
      scalesIn: tracking.DisableScaleIn !== true,
      metric:
        tracking.PredefinedMetricSpecification?.PredefinedMetricType ??
        tracking.CustomizedMetricSpecification?.MetricName ??
        null,
      target: tracking.TargetValue ?? null,
      // AWS names its two alarms so, and says nowhere else which of them scales in.
      alarmName: alarms.find((alarm) => alarm.includes("-AlarmLow-")) ?? null,
    };
  const { AdjustmentType, StepAdjustments = [] } = policy.StepScalingPolicyConfiguration ?? {};
  const scalesIn = StepAdjustments.some(
    ({ ScalingAdjustment = 0 }) => ScalingAdjustment < 0 || AdjustmentType === "ExactCapacity",
  );
  const kind = policy.PolicyType === "PredictiveScaling" ? "predictive" : "step";
  return {
    name,
    kind,
    scalesIn,
    metric: null,
    target: null,
    alarmName: alarms.length === 1 ? (alarms[0] ?? null) : null,
  };
}
