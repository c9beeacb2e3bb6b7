import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError, type Handler, type SandboxBase } from "../service.ts";
import {
  checkIdentifier,
  checkLogGroupName,
  checkLogStreamName,
  checkRange,
  getGroup,
  getIdentifiedGroup,
  getStream,
  invalidParameter,
  logGroupArn,
  nameOfIdentifier,
  pageOf,
} from "./log-names.ts";
import type { LogGroup, LogStore, LogStream } from "./log-store.ts";

const RETENTION_DAYS = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** Operations on log groups and streams themselves. */
export function groupOperations({ place }: SandboxBase, store: LogStore): Record<string, Handler> {
  const describeGroup = (group: LogGroup): Logs.LogGroup => ({
    logGroupName: group.name,
    creationTime: group.createdAt,
    retentionInDays: group.retentionInDays,
    metricFilterCount: 0,
    arn: `${logGroupArn(place, group.name)}:*`,
    logGroupArn: logGroupArn(place, group.name),
    storedBytes: group.events.bytes,
    logGroupClass: group.logGroupClass,
    kmsKeyId: group.kmsKeyId,
  });

  const describeStream = (group: LogGroup, stream: LogStream): Logs.LogStream => ({
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    firstEventTimestamp: stream.events.at(0)?.timestamp,
    lastEventTimestamp: stream.events.at(stream.events.size - 1)?.timestamp,
    lastIngestionTime: stream.lastIngestionTime,
    uploadSequenceToken: "49039859500784927170148448379143510147166190740693346194",
    arn: `${logGroupArn(place, group.name)}:log-stream:${stream.name}`,
    storedBytes: 0,
  });

  return {
    CreateLogGroup(input: Logs.CreateLogGroupRequest) {
      const name = input.logGroupName ?? "";
      checkLogGroupName(name);
      if (store.groups.has(name)) {
        throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
      }
      const group = store.createGroup(name, { ...input.tags });
      group.logGroupClass = input.logGroupClass ?? "STANDARD";
      group.kmsKeyId = input.kmsKeyId;
      return {};
    },

    DeleteLogGroup(input: Logs.DeleteLogGroupRequest) {
      store.groups.delete(getGroup(store, input.logGroupName).name);
      return {};
    },

    DescribeLogGroups(input: Logs.DescribeLogGroupsRequest): Logs.DescribeLogGroupsResponse {
      checkRange("limit", input.limit, 1, 50);
      const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, logGroupIdentifiers: identifiers } = input;
      if (prefix !== undefined && pattern !== undefined) {
        throw invalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
      }
      for (const identifier of identifiers ?? []) checkIdentifier("logGroupIdentifiers", identifier);
      const wanted = identifiers && new Set(identifiers.map(nameOfIdentifier));
      const groups = [...store.groups.values()]
        .filter(({ name }) => name.startsWith(prefix ?? "") && name.includes(pattern ?? ""))
        .filter(({ name }) => !wanted || wanted.has(name))
        .filter((group) => !input.logGroupClass || group.logGroupClass === input.logGroupClass)
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      const { page, nextToken } = pageOf(groups, input.nextToken, input.limit ?? 50);
      return { logGroups: page.map(describeGroup), nextToken };
    },

    CreateLogStream(input: Logs.CreateLogStreamRequest) {
      const group = getGroup(store, input.logGroupName);
      const name = input.logStreamName ?? "";
      checkLogStreamName(name);
      if (group.streams.has(name)) {
        throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
      }
      store.createStream(group, name);
      return {};
    },

    DeleteLogStream(input: Logs.DeleteLogStreamRequest) {
      const group = getGroup(store, input.logGroupName);
      store.deleteStream(group, getStream(group, input.logStreamName));
      return {};
    },

    DescribeLogStreams(input: Logs.DescribeLogStreamsRequest): Logs.DescribeLogStreamsResponse {
      checkRange("limit", input.limit, 1, 50);
      const group = getIdentifiedGroup(store, input);
      const isByTime = input.orderBy === "LastEventTime";
      if (isByTime && input.logStreamNamePrefix) {
        throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
      }
      const lastEvent = (stream: LogStream) => stream.events.at(stream.events.size - 1)?.timestamp ?? 0;
      const streams = [...group.streams.values()]
        .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ""))
        .sort((a, b) => (isByTime ? lastEvent(a) - lastEvent(b) : 0) || (a.name < b.name ? -1 : 1));
      if (input.descending) streams.reverse();
      const { page, nextToken } = pageOf(streams, input.nextToken, input.limit ?? 50);
      return { logStreams: page.map((stream) => describeStream(group, stream)), nextToken };
    },

    PutRetentionPolicy(input: Logs.PutRetentionPolicyRequest) {
      const group = getGroup(store, input.logGroupName);
      if (!RETENTION_DAYS.has(input.retentionInDays ?? 0)) {
        throw invalidParameter(
          `1 validation error detected: Value '${input.retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${[...RETENTION_DAYS].join(", ")}]`,
        );
      }
      group.retentionInDays = input.retentionInDays;
      return {};
    },

    DeleteRetentionPolicy(input: Logs.DeleteRetentionPolicyRequest) {
      getGroup(store, input.logGroupName).retentionInDays = undefined;
      return {};
    },

    ListTagsForResource(input: Logs.ListTagsForResourceRequest): Logs.ListTagsForResourceResponse {
      return { tags: { ...getGroup(store, nameOfIdentifier(input.resourceArn ?? "")).tags } };
    },
  };
}
