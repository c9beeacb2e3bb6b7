import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  Tag,
  TagResourceInput,
  UntagResourceInput,
} from "@aws-sdk/client-codedeploy";
import { AwsError, type Handler } from "../service.ts";
import type { CodedeployState } from "./codedeploy-state.ts";

const MAX_TAGS = 50;

/** Operations on tags of applications and deployment groups. */
export function tagOperations(state: CodedeployState): Record<string, Handler> {
  return {
    ListTagsForResource({ ResourceArn }: ListTagsForResourceInput): ListTagsForResourceOutput {
      return { Tags: [...(state.tags.get(checkArn(state, ResourceArn)) ?? [])] };
    },
    TagResource({ ResourceArn, Tags }: TagResourceInput): object {
      putTags(state, checkArn(state, ResourceArn), Tags ?? []);
      return {};
    },
    UntagResource({ ResourceArn, TagKeys = [] }: UntagResourceInput): object {
      const arn = checkArn(state, ResourceArn);
      const kept = (state.tags.get(arn) ?? []).filter(({ Key = "" }) => !TagKeys.includes(Key));
      state.tags.set(arn, kept);
      return {};
    },
  };
}

/** The ARN of an application, or of one of its groups: https://docs.aws.amazon.com/codedeploy/latest/userguide/auth-and-access-control-iam-access-control-identity-based.html */
export function codedeployArn({ base }: CodedeployState, application: string, group?: string): string {
  const { region, accountId } = base.place;
  const own = `arn:aws:codedeploy:${region}:${accountId}`;
  return group === undefined ? `${own}:application:${application}` : `${own}:deploymentgroup:${application}/${group}`;
}

/** Adds tags to a resource, replacing the values of keys that it has. @throws InvalidTagsToAddException, TagLimitExceededException */
export function putTags(state: CodedeployState, arn: string, tags: readonly Tag[]): void {
  const merged = new Map((state.tags.get(arn) ?? []).map((tag) => [tag.Key ?? "", tag]));
  for (const { Key = "", Value = "" } of tags) {
    if (Key === "" || Key.length > 128 || Value.length > 256 || /^aws:/i.test(Key))
      throw new AwsError("InvalidTagsToAddException", `The tag key ${Key} is not valid`);
    merged.set(Key, { Key, Value });
  }
  if (merged.size > MAX_TAGS)
    throw new AwsError("TagLimitExceededException", `A resource has at most ${MAX_TAGS} tags`);
  state.tags.set(arn, [...merged.values()]);
}

function checkArn(state: CodedeployState, arn: string | undefined): string {
  if (!arn) throw new AwsError("ResourceArnRequiredException", "The ARN of the resource is required");
  for (const { name, groups } of state.applications.values()) {
    if (arn === codedeployArn(state, name)) return arn;
    for (const group of groups.keys()) if (arn === codedeployArn(state, name, group)) return arn;
  }
  if (!/^arn:[^:]+:codedeploy:[^:]+:\d{12}:(application|deploymentgroup):/.test(arn))
    throw new AwsError("ArnNotSupportedException", `The ARN ${arn} is not supported`);
  throw new AwsError("InvalidArnException", `There is no resource with the ARN ${arn}`);
}
