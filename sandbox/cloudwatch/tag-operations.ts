import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from "@aws-sdk/client-cloudwatch";
import { AwsError, type Handler } from "../service.ts";
import type { AlarmRecord, Alarms } from "./alarms.ts";

/** Operations on tags of alarms. */
export function tagOperations(alarms: Alarms): Readonly<Record<string, Handler>> {
  const find = (arn: string | undefined): AlarmRecord => {
    const found = alarms.list().find((alarm) => alarm.arn === arn);
    if (found) return found;
    throw new AwsError("ResourceNotFoundException", `The resource ${arn} does not exist`, 404);
  };
  return {
    ListTagsForResource({ ResourceARN }: ListTagsForResourceInput): ListTagsForResourceOutput {
      return { Tags: [...find(ResourceARN).tags] };
    },
    TagResource({ ResourceARN, Tags = [] }: TagResourceInput): object {
      const alarm = find(ResourceARN);
      alarm.tags = [...new Map([...alarm.tags, ...Tags].map((tag) => [tag.Key, tag])).values()];
      return {};
    },
    UntagResource({ ResourceARN, TagKeys = [] }: UntagResourceInput): object {
      const alarm = find(ResourceARN);
      alarm.tags = alarm.tags.filter(({ Key = "" }) => !TagKeys.includes(Key));
      return {};
    },
  };
}
