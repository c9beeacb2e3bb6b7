import type * as Aas from "@aws-sdk/client-application-auto-scaling";
import { randomUuid } from "../ecs/arns.ts";
import { hasMinute } from "./schedule.ts";
import { type AutoscalingWorld, DIMENSION, type Policy, readResourceId, type Scheduled, type Target } from "./world.ts";

const MINUTE_MS = 60_000;
/** Of policies for ECS's services that name none. */
const COOLDOWN_SECONDS = 300;
const KEPT_ACTIVITIES = 1000;

/** Does what is due now of policies and scheduled actions; to be called several times a minute. */
export function scaleWhatIsDue(world: AutoscalingWorld): void {
  for (const target of world.targets.values()) {
    const { cluster, service } = readResourceId(target.resourceId);
    // A service that was deleted is scaled no more; its target stays until somebody deregisters it.
    if (!world.ports.findService(cluster, service)) continue;
    for (const scheduled of target.scheduled.values()) runScheduled(world, target, scheduled);
    for (const policy of target.policies.values()) runPolicy(world, target, policy);
  }
}

function runScheduled(world: AutoscalingWorld, target: Target, scheduled: Scheduled): void {
  const now = world.base.clock.now();
  const minute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const { startAt, endAt, schedule, timezone, action } = scheduled;
  if (target.suspended.ScheduledScalingSuspended || scheduled.ranAt >= minute) return;
  if (now < (startAt ?? 0) || now > (endAt ?? Number.POSITIVE_INFINITY)) return;
  if (!hasMinute(schedule, timezone, startAt ?? scheduled.createdAt, minute)) return;
  scheduled.ranAt = now;
  target.min = action.MinCapacity ?? target.min;
  target.max = Math.max(target.min, action.MaxCapacity ?? target.max);
  const count = countOf(world, target);
  const wanted = Math.min(target.max, Math.max(target.min, count));
  const bounds = `min capacity to ${target.min} and max capacity to ${target.max}`;
  if (wanted !== count) setCount(world, target, wanted, `scheduled action name ${scheduled.name} was triggered`);
  else
    record(
      world,
      target,
      `Setting ${bounds}`,
      `scheduled action name ${scheduled.name} was triggered`,
      `Successfully set ${bounds}`,
    );
}

function runPolicy(world: AutoscalingWorld, target: Target, policy: Policy): void {
  const now = world.base.clock.now();
  const loud = world.ports
    .listAlarms()
    .filter(({ actions, state, actionsEnabled }) => actions.includes(policy.arn) && state === "ALARM" && actionsEnabled)
    .map(({ name }) => name);
  for (const alarm of loud) {
    const count = countOf(world, target);
    const wanted = wantedBy(world, policy, alarm, count);
    const bounded = Math.min(target.max, Math.max(target.min, wanted));
    const isIn = wanted < count;
    // A count outside of the bounds is only ever brought nearer to them: below the minimum nothing scales in, above the maximum nothing out.
    if (isIn ? bounded >= count : bounded <= count) continue;
    if (isIn ? target.suspended.DynamicScalingInSuspended : target.suspended.DynamicScalingOutSuspended) continue;
    const { cluster, service } = readResourceId(target.resourceId);
    // While ECS deploys the service, it is scaled out and never in.
    if (isIn && world.ports.findService(cluster, service)?.isDeploying) continue;
    if (now < (isIn ? Math.max(policy.scaledInAt, policy.scaledOutAt) : policy.scaledOutAt) + cooldownMs(policy, isIn))
      continue;
    if (isIn) policy.scaledInAt = now;
    else policy.scaledOutAt = now;
    setCount(world, target, bounded, `monitor alarm ${alarm} in state ALARM triggered policy ${policy.name}`);
  }
}

function cooldownMs({ step, tracking }: Policy, isIn: boolean): number {
  const own = step ? step.Cooldown : isIn ? tracking?.ScaleInCooldown : tracking?.ScaleOutCooldown;
  return (own ?? COOLDOWN_SECONDS) * 1000;
}

/** Assumption: target tracking goes to the count at which the metric would be on its target, and by one where none is known. */
function wantedBy({ ports }: AutoscalingWorld, policy: Policy, alarm: string, count: number): number {
  const value = ports.newestValue(alarm);
  if (policy.tracking) {
    const isIn = alarm === policy.low;
    if (value === null) return isIn ? count - 1 : count + 1;
    const wanted = Math.ceil((count * value) / (policy.tracking.TargetValue ?? 1));
    return isIn ? Math.min(count - 1, wanted) : Math.max(count + 1, wanted);
  }
  return policy.step ? stepped(policy.step, count) : count;
}

/** Assumption: the step nearest to the alarm's threshold is taken; the sandbox does not weigh by how far it was passed. */
function stepped(step: Aas.StepScalingPolicyConfiguration, count: number): number {
  const [nearest] = (step.StepAdjustments ?? []).toSorted((a, b) => distance(a) - distance(b));
  const change = nearest?.ScalingAdjustment ?? 0;
  if (step.AdjustmentType === "ExactCapacity") return change;
  if (step.AdjustmentType === "ChangeInCapacity") return count + change;
  const share = (count * change) / 100;
  const whole = Math.max(Math.trunc(Math.abs(share)), 1, step.MinAdjustmentMagnitude ?? 0);
  return count + Math.sign(change) * whole;
}

function distance({ MetricIntervalLowerBound: low, MetricIntervalUpperBound: high }: Aas.StepAdjustment): number {
  return Math.min(Math.abs(low ?? Number.POSITIVE_INFINITY), Math.abs(high ?? Number.POSITIVE_INFINITY));
}

function countOf({ ports }: AutoscalingWorld, { resourceId }: Target): number {
  const { cluster, service } = readResourceId(resourceId);
  return ports.findService(cluster, service)?.desiredCount ?? 0;
}

function setCount(world: AutoscalingWorld, target: Target, count: number, cause: string): void {
  const { cluster, service } = readResourceId(target.resourceId);
  world.ports.setDesiredCount(cluster, service, count);
  const done = `Successfully set desired count to ${count}. Change successfully fulfilled by ecs.`;
  record(world, target, `Setting desired count to ${count}.`, cause, done);
}

function record(world: AutoscalingWorld, target: Target, description: string, cause: string, message: string): void {
  const at = new Date(world.base.clock.now());
  world.activities.unshift({
    ActivityId: randomUuid(world.base.random),
    ServiceNamespace: "ecs",
    ResourceId: target.resourceId,
    ScalableDimension: DIMENSION,
    Description: description,
    Cause: cause,
    StartTime: at,
    EndTime: at,
    StatusCode: "Successful",
    StatusMessage: message,
  });
  world.activities.length = Math.min(world.activities.length, KEPT_ACTIVITIES);
}
