import type * as Aas from "@aws-sdk/client-application-auto-scaling";
import { randomUuid } from "../ecs/arns.ts";
import type { Handler } from "../service.ts";
import { isSchedule } from "./schedule.ts";
import {
  type AutoscalingWorld,
  checkDimension,
  DIMENSION,
  getTarget,
  invalid,
  notFound,
  pageOf,
  readResourceId,
  type Scheduled,
} from "./world.ts";

/** Operations on scheduled actions. */
export function scheduledOperations(world: AutoscalingWorld): Readonly<Record<string, Handler>> {
  const { base, targets } = world;
  return {
    PutScheduledAction(input: Aas.PutScheduledActionRequest): Aas.PutScheduledActionResponse {
      checkDimension(input);
      const { ResourceId: resourceId = "", ScheduledActionName: name = "" } = input;
      readResourceId(resourceId);
      const target = getTarget(world, resourceId, "scalable target registered");
      const known = target.scheduled.get(name);
      const schedule = input.Schedule ?? known?.schedule;
      const action = input.ScalableTargetAction ?? known?.action;
      if (schedule === undefined || !isSchedule(schedule))
        throw invalid(`Invalid schedule expression: ${schedule ?? "null"}`);
      if (input.Timezone !== undefined && !isTimezone(input.Timezone))
        throw invalid(`Invalid timezone: ${input.Timezone}`);
      if (action?.MinCapacity === undefined && action?.MaxCapacity === undefined)
        throw invalid("At least one of MinCapacity and MaxCapacity must be specified");
      const { MinCapacity: min = 0, MaxCapacity: max = Number.POSITIVE_INFINITY } = action;
      if (min > max) throw invalid("Maximum capacity cannot be less than minimum capacity");
      target.scheduled.set(name, {
        name,
        arn:
          known?.arn ??
          `arn:aws:autoscaling:${base.place.region}:${base.place.accountId}:scheduledAction:${randomUuid(base.random)}:resource/ecs/${resourceId}:scheduledActionName/${name}`,
        schedule,
        timezone: input.Timezone ?? known?.timezone,
        startAt: input.StartTime?.getTime() ?? known?.startAt ?? null,
        endAt: input.EndTime?.getTime() ?? known?.endAt ?? null,
        action,
        createdAt: known?.createdAt ?? base.clock.now(),
        // The minute that it is put in has begun without it.
        ranAt: base.clock.now(),
      });
      return {};
    },

    DeleteScheduledAction(input: Aas.DeleteScheduledActionRequest): Aas.DeleteScheduledActionResponse {
      checkDimension(input);
      const { ResourceId: resourceId = "", ScheduledActionName: name = "" } = input;
      if (!targets.get(resourceId)?.scheduled.delete(name))
        throw notFound(`scheduled action found named: ${name}`, resourceId);
      return {};
    },

    DescribeScheduledActions(input: Aas.DescribeScheduledActionsRequest): Aas.DescribeScheduledActionsResponse {
      checkDimension(input);
      const found = [...targets.values()].flatMap((target) =>
        input.ResourceId === undefined || input.ResourceId === target.resourceId
          ? [...target.scheduled.values()]
              .filter(({ name }) => input.ScheduledActionNames?.includes(name) ?? true)
              .map((scheduled) => describeScheduled(target.resourceId, scheduled))
          : [],
      );
      const { page, NextToken } = pageOf(found, input);
      return { ScheduledActions: page, NextToken };
    },
  };
}

function describeScheduled(resourceId: string, scheduled: Scheduled): Aas.ScheduledAction {
  const { name, arn, schedule, timezone, startAt, endAt, action, createdAt } = scheduled;
  return {
    ScheduledActionName: name,
    ScheduledActionARN: arn,
    ServiceNamespace: "ecs",
    Schedule: schedule,
    Timezone: timezone,
    ResourceId: resourceId,
    ScalableDimension: DIMENSION,
    StartTime: startAt === null ? undefined : new Date(startAt),
    EndTime: endAt === null ? undefined : new Date(endAt),
    ScalableTargetAction: action,
    CreationTime: new Date(createdAt),
  };
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
