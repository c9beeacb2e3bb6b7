import type {
  AddTagsInput,
  AddTagsOutput,
  DescribeTagsInput,
  DescribeTagsOutput,
  RemoveTagsInput,
  RemoveTagsOutput,
  Tag,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, type Handler } from "../service.ts";
import type { ElbState } from "./elb-state.ts";
import { assertLength, validationError } from "./errors.ts";

const MAX_TAGS = 50;
const MAX_RESOURCES = 20;

/** Operations on tags of every kind of resource. */
export function tagOperations(state: ElbState): Readonly<Record<string, Handler>> {
  const resources = (arns: string[] | undefined) => {
    assertLength(arns?.length ?? 0, "resourceArns", MAX_RESOURCES);
    for (const arn of arns ?? []) assertExists(state, arn);
    return arns ?? [];
  };
  return {
    AddTags(input: AddTagsInput): AddTagsOutput {
      for (const arn of resources(input.ResourceArns)) putTags(state, arn, input.Tags ?? []);
      return {};
    },
    RemoveTags(input: RemoveTagsInput): RemoveTagsOutput {
      for (const arn of resources(input.ResourceArns)) {
        const kept = (state.tags.get(arn) ?? []).filter((tag) => !input.TagKeys?.includes(tag.Key ?? ""));
        state.tags.set(arn, kept);
      }
      return {};
    },
    DescribeTags(input: DescribeTagsInput): DescribeTagsOutput {
      const arns = resources(input.ResourceArns);
      return {
        TagDescriptions: arns.map((ResourceArn) => ({ ResourceArn, Tags: [...(state.tags.get(ResourceArn) ?? [])] })),
      };
    },
  };
}

/** Adds tags to a resource, replacing the values of keys it has. */
export function putTags(state: ElbState, arn: string, tags: readonly Tag[]): void {
  const merged = new Map((state.tags.get(arn) ?? []).map((tag) => [tag.Key ?? "", tag]));
  const given = new Set<string>();
  for (const { Key = "", Value = "" } of tags) {
    if (given.has(Key)) throw new AwsError("DuplicateTagKeys", `Tag key was specified more than once: ${Key}`);
    given.add(Key);
    if (Key === "" || Key.length > 128 || Value.length > 256) throw validationError(`Tag key '${Key}' is not valid`);
    if (/^aws:/i.test(Key))
      throw validationError(`Tag keys that begin with 'aws:' are reserved for system use: ${Key}`);
    merged.set(Key, { Key, Value });
  }
  if (merged.size > MAX_TAGS)
    throw new AwsError("TooManyTags", `The maximum number of tags per resource is '${MAX_TAGS}'`);
  state.tags.set(arn, [...merged.values()]);
}

/** Forgets the tags of a deleted resource. */
export function dropTags(state: ElbState, arn: string): void {
  state.tags.delete(arn);
}

function assertExists(state: ElbState, arn: string): void {
  const resource = arn.split(":")[5] ?? "";
  if (resource.startsWith("loadbalancer/")) state.getLoadBalancer(arn);
  else if (resource.startsWith("targetgroup/")) state.getTargetGroup(arn);
  else if (resource.startsWith("listener/")) state.getListener(arn);
  else if (resource.startsWith("listener-rule/")) state.getRule(arn);
  else throw validationError(`'${arn}' is not a valid load balancer, target group, listener or rule ARN`);
}
