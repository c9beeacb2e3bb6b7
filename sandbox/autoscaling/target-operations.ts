import type * as Aas from "@aws-sdk/client-application-auto-scaling";
import { randomText } from "../ecs/arns.ts";
import { AwsError, type Handler } from "../service.ts";
import { removePolicy } from "./policy-operations.ts";
import {
  type AutoscalingWorld,
  checkDimension,
  DIMENSION,
  getTarget,
  invalid,
  pageOf,
  readResourceId,
  type Target,
} from "./world.ts";

const TAGS = 50;

/** Operations on scalable targets and their tags. */
export function targetOperations(world: AutoscalingWorld): Readonly<Record<string, Handler>> {
  const { base, ports, targets } = world;

  const byArn = (arn: string): Target => {
    const found = [...targets.values()].find((target) => target.arn === arn);
    if (!found)
      throw new AwsError("ResourceNotFoundException", `The specified resource ${arn} doesn't exist.`, 400, {
        ResourceName: arn,
      });
    return found;
  };

  return {
    RegisterScalableTarget(input: Aas.RegisterScalableTargetRequest): Aas.RegisterScalableTargetResponse {
      checkDimension(input);
      const resourceId = input.ResourceId ?? "";
      const { cluster, service } = readResourceId(resourceId);
      const known = targets.get(resourceId);
      if (!ports.findService(cluster, service)) throw invalid(`ECS service doesn't exist: ${resourceId}`);
      const min = input.MinCapacity ?? known?.min;
      const max = input.MaxCapacity ?? known?.max;
      if (min === undefined || max === undefined)
        throw invalid("Both minimum and maximum capacity must be specified when a scalable target is registered");
      if (min < 0 || max < 0) throw invalid("Minimum and maximum capacity cannot be negative");
      if (min > max) throw invalid("Maximum capacity cannot be less than minimum capacity");
      const { SuspendedState: asked = {} } = input;
      const before = known?.suspended;
      // Assumption: members that a request leaves out stay as they are.
      const suspended = {
        DynamicScalingInSuspended: asked.DynamicScalingInSuspended ?? before?.DynamicScalingInSuspended ?? false,
        DynamicScalingOutSuspended: asked.DynamicScalingOutSuspended ?? before?.DynamicScalingOutSuspended ?? false,
        ScheduledScalingSuspended: asked.ScheduledScalingSuspended ?? before?.ScheduledScalingSuspended ?? false,
      };
      if (known && Object.keys(input.Tags ?? {}).length > 0)
        throw invalid("Tags cannot be specified for a scalable target that is registered: use TagResource");
      if (known) Object.assign(known, { min, max, suspended });
      const target: Target = known ?? {
        resourceId,
        arn: `arn:aws:application-autoscaling:${base.place.region}:${base.place.accountId}:scalable-target/0ec5${randomText(base.random, 30)}`,
        min,
        max,
        suspended,
        createdAt: base.clock.now(),
        tags: { ...input.Tags },
        policies: new Map(),
        scheduled: new Map(),
      };
      targets.set(resourceId, target);
      return { ScalableTargetARN: target.arn };
    },

    DeregisterScalableTarget(input: Aas.DeregisterScalableTargetRequest): Aas.DeregisterScalableTargetResponse {
      checkDimension(input);
      const target = getTarget(world, input.ResourceId ?? "", "scalable target found");
      // Its policies and scheduled actions go with it.
      for (const policy of target.policies.values()) removePolicy(world, target, policy);
      targets.delete(target.resourceId);
      return {};
    },

    DescribeScalableTargets(input: Aas.DescribeScalableTargetsRequest): Aas.DescribeScalableTargetsResponse {
      checkDimension(input);
      const found = [...targets.values()].filter(({ resourceId }) => input.ResourceIds?.includes(resourceId) ?? true);
      const { page, NextToken } = pageOf(found, input);
      return { ScalableTargets: page.map((target) => describeTarget(world, target)), NextToken };
    },

    ListTagsForResource({ ResourceARN = "" }: Aas.ListTagsForResourceRequest): Aas.ListTagsForResourceResponse {
      return { Tags: { ...byArn(ResourceARN).tags } };
    },

    TagResource({ ResourceARN = "", Tags = {} }: Aas.TagResourceRequest): Aas.TagResourceResponse {
      const target = byArn(ResourceARN);
      const tags = { ...target.tags, ...Tags };
      if (Object.keys(tags).some((key) => key.startsWith("aws:"))) throw invalid("Tag keys cannot begin with aws:");
      if (Object.keys(tags).length > TAGS)
        throw new AwsError("TooManyTagsException", `A resource can have ${TAGS} tags at most`, 400, {
          ResourceName: ResourceARN,
        });
      target.tags = tags;
      return {};
    },

    UntagResource({ ResourceARN = "", TagKeys = [] }: Aas.UntagResourceRequest): Aas.UntagResourceResponse {
      const target = byArn(ResourceARN);
      for (const key of TagKeys) delete target.tags[key];
      return {};
    },
  };
}

function describeTarget({ base }: AutoscalingWorld, target: Target): Aas.ScalableTarget {
  return {
    ServiceNamespace: "ecs",
    ResourceId: target.resourceId,
    ScalableDimension: DIMENSION,
    MinCapacity: target.min,
    MaxCapacity: target.max,
    RoleARN: `arn:aws:iam::${base.place.accountId}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
    CreationTime: new Date(target.createdAt),
    SuspendedState: { ...target.suspended },
    ScalableTargetARN: target.arn,
  };
}
