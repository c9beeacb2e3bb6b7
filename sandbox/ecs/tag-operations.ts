import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  TagResourceResponse,
  UntagResourceRequest,
  UntagResourceResponse,
} from "@aws-sdk/client-ecs";
import { AwsError, type Handler } from "../service.ts";
import { invalidParameter, lastPart, parseEcsArn } from "./arns.ts";
import { findTaskDefinition } from "./task-definition-operations.ts";
import type { EcsWorld } from "./world.ts";

const MAX_TAGS = 50;

/** Operations on the tags of clusters, services, task sets, task definitions and tasks. */
export function tagOperations(world: EcsWorld): Record<string, Handler> {
  const find = (arn: string) => {
    const parsed = parseEcsArn(arn);
    const [first = "", second = ""] = parsed?.path ?? [];
    switch (parsed?.type) {
      case "cluster":
        return world.clusters.get(first);
      case "service":
        return world.clusters.get(first)?.services.get(second);
      case "task-definition":
        return findTaskDefinition(world, arn);
      case "task-set":
        return world.clusters
          .get(first)
          ?.services.get(second)
          ?.taskSets.find((set) => set.arn === arn);
      case "task":
        return world.tasks.get(lastPart(arn));
      default:
        throw invalidParameter(`Invalid identifier: ${arn}`);
    }
  };
  const get = (arn: string | undefined) => {
    const resource = find(arn ?? "");
    if (!resource) throw new AwsError("ResourceNotFoundException", "The specified resource wasn't found.");
    return resource;
  };

  return {
    TagResource(input: TagResourceRequest): TagResourceResponse {
      const resource = get(input.resourceArn);
      const added = input.tags ?? [];
      if (added.some(({ key }) => key?.toLowerCase().startsWith("aws:")))
        throw invalidParameter("Tag keys starting with aws: are reserved.");
      const kept = resource.tags.filter(({ key }) => !added.some((tag) => tag.key === key));
      if (kept.length + added.length > MAX_TAGS) throw invalidParameter("The maximum number of tags is 50.");
      resource.tags = [...kept, ...added];
      return {};
    },

    UntagResource(input: UntagResourceRequest): UntagResourceResponse {
      const resource = get(input.resourceArn);
      resource.tags = resource.tags.filter(({ key }) => !input.tagKeys?.includes(key ?? ""));
      return {};
    },

    ListTagsForResource(input: ListTagsForResourceRequest): ListTagsForResourceResponse {
      return { tags: get(input.resourceArn).tags };
    },
  };
}
